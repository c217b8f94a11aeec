/* One thread initialises and wants a mutex; who holds it wants what is initialised. */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialize(void)
{
    end_turn();
    wait_for_turn(2);
    pthread_mutex_lock(&mutex); /* EXPECT deadlock: initializer wants mutex */
}

static void initializer(void)
{
    pthread_once(&once, initialize); /* EXPECT deadlock: initializer holds once */
}

static void locker(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT deadlock: locker holds mutex */
    end_turn();
    wait_for_turn(2);
    pthread_once(&once, initialize); /* EXPECT deadlock: locker wants once */
}

int main(void)
{
    PLAY_TOGETHER(initializer, locker);
    return 0;
}
