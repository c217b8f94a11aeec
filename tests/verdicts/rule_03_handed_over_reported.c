/* The second thread waits on a condition until the first is done: a hand-over of this run, which orders nothing in others. */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t hand_over = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t handed_over = PTHREAD_COND_INITIALIZER;
static int is_handed_over;

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&hand_over);
    is_handed_over = 1;
    pthread_cond_signal(&handed_over);
    pthread_mutex_unlock(&hand_over);
}

static void backward(void)
{
    pthread_mutex_lock(&hand_over);
    while (!is_handed_over)
        pthread_cond_wait(&handed_over, &hand_over);
    pthread_mutex_unlock(&hand_over);
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
