/* Two initialisers, each of which needs the other one. */
#include "../verdicts/actors.h"

static pthread_once_t first = PTHREAD_ONCE_INIT, second = PTHREAD_ONCE_INIT;

static void ready(void)
{
}

static void make_first(void)
{
    end_turn();
    wait_for_turn(2);
    pthread_once(&second, ready); /* EXPECT deadlock: forward wants second */
}

static void make_second(void)
{
    end_turn();
    wait_for_turn(2);
    pthread_once(&first, ready); /* EXPECT deadlock: backward wants first */
}

static void forward(void)
{
    pthread_once(&first, make_first); /* EXPECT deadlock: forward holds first */
}

static void backward(void)
{
    pthread_once(&second, make_second); /* EXPECT deadlock: backward holds second */
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
