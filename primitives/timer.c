#include <lockorder/timer.h>

#include <errno.h>

#include "self.h"

static int64_t until(const struct timespec *time)
{
    struct timespec now = lockorder_limit_after(0).deadline;
    return (time->tv_sec - now.tv_sec) * LOCKORDER_SECOND + (time->tv_nsec - now.tv_nsec);
}

/* To the first time of the period that has not passed. */
static void advance(struct lockorder_timer *timer)
{
    int64_t late = -until(&timer->next);
    int64_t periods = late > 0 ? late / timer->period + 1 : 1;
    int64_t nanoseconds = timer->next.tv_nsec + periods * timer->period;
    timer->next.tv_sec += nanoseconds / LOCKORDER_SECOND;
    timer->next.tv_nsec = nanoseconds % LOCKORDER_SECOND;
}

static void *run(void *argument)
{
    struct lockorder_timer *timer = argument;
    self.serves = timer;
    for (;;) {
        struct lockorder_limit limit = lockorder_limit_at(timer->next);
        limit.stop = &timer->stop;
        if (lockorder_sleep(&limit) == ECANCELED)
            return NULL;
        timer->function(timer->argument);
        if (timer->period == 0)
            return NULL;
        advance(timer);
    }
}

int lockorder_timer_start(struct lockorder_timer *timer, int64_t after, int64_t period, void (*function)(void *argument),
                          void *argument)
{
    if (period < 0)
        return EINVAL;
    lockorder_stop_init(&timer->stop);
    timer->next = lockorder_limit_after(after).deadline;
    timer->period = period;
    timer->function = function;
    timer->argument = argument;
    int error = pthread_create(&timer->thread, NULL, run, timer);
    if (error != 0)
        lockorder_stop_destroy(&timer->stop);
    return error;
}

void lockorder_timer_cancel(struct lockorder_timer *timer)
{
    lockorder_stop_request(&timer->stop);
}

int lockorder_timer_join(struct lockorder_timer *timer)
{
    if (self.serves == timer)
        return EDEADLK;
    int error = pthread_join(timer->thread, NULL);
    return error != 0 ? error : lockorder_stop_destroy(&timer->stop);
}
