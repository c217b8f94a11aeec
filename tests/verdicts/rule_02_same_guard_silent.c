/* Each thread takes two guards, in the same order; one of them is common to both. */
/* EXPECT nothing: the right guard is held on both sides */
#include "actors.h"

static pthread_mutex_t left_guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right_guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&left_guard);
    pthread_mutex_lock(&right_guard);
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&right_guard);
    pthread_mutex_unlock(&left_guard);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&right_guard);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&right_guard);
}

int main(void)
{
    PLAY_TOGETHER(forward, backward);
    return 0;
}
