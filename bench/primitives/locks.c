/* Lock and condition against bare pthreads. */
#include "comparison.h"

#include <pthread.h>
#include <stddef.h>

#include <lockorder/condition.h>

static struct lockorder_lock lock = LOCKORDER_LOCK_INITIALIZER;
static struct lockorder_condition condition;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bare_condition = PTHREAD_COND_INITIALIZER;
static volatile long counter; /* protected by the lock in use */

static void *use_lock(void *times)
{
    for (int i = 0; i < *(int *)times; i++) {
        lockorder_lock_acquire(&lock);
        counter++;
        lockorder_lock_release(&lock);
    }
    return NULL;
}

static void *use_mutex(void *times)
{
    for (int i = 0; i < *(int *)times; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static double one_lock(int times)
{
    return run_threads(1, use_lock, &times);
}

static double one_mutex(int times)
{
    return run_threads(1, use_mutex, &times);
}

static double shared_lock(int times)
{
    return run_threads(2, use_lock, &times);
}

static double shared_mutex(int times)
{
    return run_threads(2, use_mutex, &times);
}

/* Two threads raise the counter by turns, one when it is even, the other when it is odd. */
static int next_parity;

static int take_parity(void)
{
    return __atomic_fetch_add(&next_parity, 1, __ATOMIC_RELAXED) % 2;
}

static void *take_turns(void *times)
{
    int parity = take_parity();
    lockorder_lock_acquire(&lock);
    for (int i = 0; i < *(int *)times; i++) {
        while (counter % 2 != parity)
            lockorder_condition_wait(&condition);
        counter++;
        lockorder_condition_notify_one(&condition);
    }
    lockorder_lock_release(&lock);
    return NULL;
}

static void *take_turns_bare(void *times)
{
    int parity = take_parity();
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < *(int *)times; i++) {
        while (counter % 2 != parity)
            pthread_cond_wait(&bare_condition, &mutex);
        counter++;
        pthread_cond_signal(&bare_condition);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static double turns(int times)
{
    counter = 0;
    lockorder_condition_init(&condition, &lock);
    return run_threads(2, take_turns, &times);
}

static double bare_turns(int times)
{
    counter = 0;
    return run_threads(2, take_turns_bare, &times);
}

const struct comparison lock_comparisons[] = {
    {"lock", 50000, {{"lockorder_lock", one_lock}, {"pthread_mutex", one_mutex}}, {0, 1.1}},
    {"lock, 2 threads", 50000, {{"lockorder_lock", shared_lock}, {"pthread_mutex", shared_mutex}}, {0, 1.1}},
    {"condition", 1000, {{"lockorder_condition", turns}, {"pthread_cond", bare_turns}}, {0, 1.1}},
    {NULL, 0, {{NULL, NULL}}, {0}},
};
