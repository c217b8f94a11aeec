/* pthread_once with a lock held that the initialiser takes. */
#include "actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void unlock(void *locked)
{
    pthread_mutex_unlock((pthread_mutex_t *)locked);
}

static void leave(void *unused)
{
    (void)unused;
    end_turn();
}

/* The first thread that comes here leaves, so that the next one has it to do. */
static void initialize(void)
{
    static int calls;
    if (++calls == 1)
        pthread_exit(NULL);
    pthread_mutex_lock(&mutex); /* EXPECT cycle: backward wants mutex */
    pthread_mutex_unlock(&mutex);
}

static void forward(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT cycle: forward holds mutex */
    pthread_cleanup_push(unlock, &mutex);
    pthread_cleanup_push(leave, NULL);
    pthread_once(&once, initialize); /* EXPECT cycle: forward wants once */
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(1);
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_once(&once, initialize); /* EXPECT cycle: backward holds once */
    end_turn();
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
