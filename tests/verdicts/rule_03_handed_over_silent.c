/* The second thread waits on a condition, and is created only after the first one was joined. */
/* EXPECT nothing: create and join order the two, the condition adds nothing */
#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t hand_over = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t handed_over = PTHREAD_COND_INITIALIZER;
static int is_handed_over;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
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
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    join(START(forward));
    join(START(backward));
    return 0;
}
