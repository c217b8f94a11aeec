/* pthread_cond_*wait. */
#include "condition_wait.h"

void condition_wait_begins(struct condition_wait *wait, const void *condition)
{
    uint32_t context = 0;
    wait->held = acquire_before_condition_wait(&wait->acquisition, &context);
    wait->former = wait_begins_at_condition(condition, wait->acquisition.lock, context);
}

void condition_wait_ends(void *closure)
{
    struct condition_wait *wait = closure;
    if (wait->held)
        acquire(&wait->acquisition);
    wait_ends(wait->former);
}

EXPORT int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    CONDITION_WAIT(condition, mutex, real.pthread_cond_wait(condition, mutex));
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
    CONDITION_WAIT(condition, mutex, real.pthread_cond_timedwait(condition, mutex, until));
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                                  const struct timespec *until)
{
    CONDITION_WAIT(condition, mutex, real.pthread_cond_clockwait(condition, mutex, clock, until));
}
