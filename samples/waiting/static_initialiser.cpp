/* A static local variable in C++ is initialised once: who comes while that goes on waits. Here its constructor takes a mutex that
 * another thread holds when it comes by. There is no second lock to be seen in the source; lockorder knows the compiler's:
 *
 *     lockorder run -- build/release/samples/waiting/static_initialiser
 *     lockorder run --on-deadlock=exit -- build/release/samples/waiting/static_initialiser --hang */
/* EXPECT --hang deadlock: title registry */
#include <cstdio>
#include <mutex>
#include <stdexcept>

#include "../stage.h"

static std::mutex registry;

struct catalogue {
    catalogue()
    {
        static bool tried;
        stage_meet();
        if (!stage_hangs() && !tried) {
            tried = true;
            throw std::runtime_error("the first one fails"); /* so that the next one has it to do */
        }
        std::lock_guard<std::mutex> hold(registry); /* EXPECT cycle: reader wants registry */
    }
};

static catalogue &the_catalogue()
{
    /* EXPECT cycle: registrar wants "guard variable for the_catalogue()::only" */
    /* EXPECT cycle: reader holds "guard variable for the_catalogue()::only" */
    static catalogue only;
    return only;
}

static void enter_into_registry()
{
    std::lock_guard<std::mutex> hold(registry); /* EXPECT cycle: registrar holds registry */
    if (stage_hangs())
        stage_meet();
    try {
        the_catalogue();
    } catch (const std::runtime_error &) {
    }
}

static void read_catalogue()
{
    the_catalogue();
}

int main(int argc, char **argv)
{
    const struct actor actors[] = {{"registrar", enter_into_registry}, {"reader", read_catalogue}};
    stage_open(argc, argv);
    stage_play(actors, 2);
    std::puts("read");
    return 0;
}
