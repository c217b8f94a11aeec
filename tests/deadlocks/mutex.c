/* Two mutexes, each wanted by who holds the other one. Built for every kind of mutex. */
#include "../verdicts/actors.h"

static pthread_mutex_t first, second;

static void make(pthread_mutex_t *made)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    SET(&attributes, KIND);
    pthread_mutex_init(made, &attributes);
}

static void forward(void)
{
    pthread_mutex_lock(&first); /* EXPECT deadlock: forward holds first */
    end_turn();
    wait_for_turn(2);
    pthread_mutex_lock(&second); /* EXPECT deadlock: forward wants second */
}

static void backward(void)
{
    pthread_mutex_lock(&second); /* EXPECT deadlock: backward holds second */
    end_turn();
    wait_for_turn(2);
    pthread_mutex_lock(&first); /* EXPECT deadlock: backward wants first */
}

int main(void)
{
    make(&first);
    make(&second);
    PLAY_TOGETHER(forward, backward);
    return 0;
}
