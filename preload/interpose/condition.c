/* pthread_cond_*wait. */
#include "condition_wait.h"
#include "misuse.h"

void condition_wait_begins(struct condition_wait *wait, const void *condition, bool timed)
{
    uint32_t context = 0;
    uintptr_t mutex = wait->acquisition.lock;
    struct call call = {wait->acquisition.return_address, wait->acquisition.frame};
    wait->held = acquire_before_condition_wait(&wait->acquisition, timed, &context);
    if (unlikely(!wait->held))
        misuse_wait_without_mutex((const pthread_mutex_t *)mutex, call);
    misuse_wait_with(condition, mutex, call);
    wait->former = wait_begins_at_condition(condition, mutex, timed, context);
}

void condition_wait_ends(void *closure)
{
    struct condition_wait *wait = closure;
    history_took((const void *)wait->acquisition.lock); /* what the others did under the mutex has woken it */
    if (wait->held)
        acquired(wait->acquisition);
    wait_ends(wait->former);
}

EXPORT int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    CONDITION_WAIT(condition, mutex, false, real.pthread_cond_wait(condition, mutex));
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
    CONDITION_WAIT(condition, mutex, true, real.pthread_cond_timedwait(condition, mutex, until));
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                                  const struct timespec *until)
{
    CONDITION_WAIT(condition, mutex, true, real.pthread_cond_clockwait(condition, mutex, clock, until));
}
