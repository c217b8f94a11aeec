/* A thread waits at a condition while it holds what a thread wants that holds the condition's mutex: whoever signals,
 * both wait. */
/* EXPECT hazard: title waiter */
#include "../verdicts/actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void waiter(void)
{
    pthread_mutex_lock(&second); /* EXPECT deadlock: waiter holds second */
    pthread_mutex_lock(&first);
    end_turn();
    /* EXPECT deadlock: waiter wants first */
    pthread_cond_wait(&condition, &first);
}

static void nester(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&first);  /* EXPECT deadlock: nester holds first */
    pthread_mutex_lock(&second); /* EXPECT deadlock: nester wants second */
}

int main(void)
{
    PLAY_TOGETHER(waiter, nester);
    return 0;
}
