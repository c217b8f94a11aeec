#include "sleeping_place.h"

#include <errno.h>

struct sleeping_place *own_place(void)
{
    struct sleeping_place *place = &self.place;
    if (place->ready)
        return place;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&place->condition, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&place->mutex, NULL);
    sem_init(&place->semaphore, 0, 0);
    place->ready = true;
    return place;
}

enum wake_reason place_sleep(struct sleeping_place *place, const bool *woken, const bool *stopped,
                             const struct lockorder_limit *limit)
{
    static const bool never = false;
    woken = woken != NULL ? woken : &never;
    stopped = stopped != NULL ? stopped : &never;
    int error = 0;
    pthread_mutex_lock(&place->mutex);
    while (!*woken && !*stopped && error != ETIMEDOUT) {
        if (limit->timed)
            error = pthread_cond_timedwait(&place->condition, &place->mutex, &limit->deadline);
        else
            pthread_cond_wait(&place->condition, &place->mutex);
    }
    enum wake_reason reason = *woken ? WOKEN : *stopped ? STOPPED : TIME_IS_UP;
    pthread_mutex_unlock(&place->mutex);
    return reason;
}

/* Signalled under the mutex: the thread may end as soon as it has the mutex, and the condition with it. */
void place_wake(struct sleeping_place *place, bool *flag)
{
    pthread_mutex_lock(&place->mutex);
    *flag = true;
    pthread_cond_signal(&place->condition);
    pthread_mutex_unlock(&place->mutex);
}

void place_sleep_unlimited(struct sleeping_place *place)
{
    while (sem_wait(&place->semaphore) != 0) /* EINTR: a signal handler has run */
        ;
}
