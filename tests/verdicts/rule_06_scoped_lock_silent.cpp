/* Each thread takes both locks at once by std::scoped_lock, named in opposite orders. */
/* EXPECT nothing: it waits for one lock and tries the other, and starts again when the try fails */
#include <mutex>

#include "actors.h"

static std::mutex first, second;

static void forward()
{
    {
        std::scoped_lock hold_both(first, second);
    }
    end_turn();
}

static void backward()
{
    wait_for_turn(1);
    std::scoped_lock hold_both(second, first);
}

int main()
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
