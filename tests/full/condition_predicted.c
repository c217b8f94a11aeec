/* The second thread is woken by the first one, after that has done its part. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t hand_over = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_waiting, is_handed_over;

static void wake(void)
{
    pthread_mutex_lock(&hand_over);
    while (!is_waiting)
        pthread_cond_wait(&changed, &hand_over);
    is_handed_over = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&hand_over);
}

static void wait_for_it(void)
{
    pthread_mutex_lock(&hand_over);
    is_waiting = 1;
    pthread_cond_broadcast(&changed);
    while (!is_handed_over)
        pthread_cond_wait(&changed, &hand_over);
    pthread_mutex_unlock(&hand_over);
}

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    wake();
}

static void backward(void)
{
    wait_for_it();
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
