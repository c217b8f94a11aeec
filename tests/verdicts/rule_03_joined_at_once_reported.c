/* Threads are joined at once after their creation, but for the last one, which lives while main takes the locks. */
/* EXPECT limit witnesses */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

static void first_and_second(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: main holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: main wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

static void create_and_join(void)
{
    pthread_t thread;
    require(pthread_create(&thread, NULL, enter, &(struct actor){.name = "backward", .play = backward}) == 0, "a thread");
    require(pthread_join(thread, NULL) == 0, "a thread that can be joined");
}

int main(void)
{
    pthread_setname_np(pthread_self(), "main");
    end_turn();
    for (int i = 0; i < 100; i++)
        create_and_join();
    __atomic_store_n(&current_turn, 0, __ATOMIC_RELEASE);
    struct actor *last = START(backward);
    first_and_second();
    end_turn();
    join(last);
    return 0;
}
