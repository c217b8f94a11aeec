/* pthread_cond_*wait: the mutex is released and acquired again. */
#include "acquire.h"
#include "real.h"

#define EXPORT __attribute__((visibility("default")))

/* The thread holds the mutex again: after the wait, and before the cleanup handlers of a thread cancelled in it. */
static void acquired_again(void *closure)
{
    const struct acquisition *acquisition = closure;
    acquire(acquisition);
}

#define WAIT(mutex, call)                                                                                                        \
    int result;                                                                                                                  \
    struct acquisition acquisition = {.lock = (uintptr_t)(mutex),                                                                \
                                      .kind_and_mode = HELD_KIND_AND_MODE(TRACE_LOCK_MUTEX, TRACE_MODE_EXCLUSIVE),               \
                                      .attempt = ATTEMPT_REACQUIRE,                                                              \
                                      .return_address = CALL_RETURN_ADDRESS,                                                     \
                                      .frame = CALL_FRAME};                                                                      \
    if (!acquire_before_condition_wait(&acquisition))                                                                            \
        return (call);                                                                                                           \
    pthread_cleanup_push(acquired_again, &acquisition);                                                                          \
    result = (call);                                                                                                             \
    pthread_cleanup_pop(1);                                                                                                      \
    return result

EXPORT int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    WAIT(mutex, real.pthread_cond_wait(condition, mutex));
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
    WAIT(mutex, real.pthread_cond_timedwait(condition, mutex, until));
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock,
                                  const struct timespec *until)
{
    WAIT(mutex, real.pthread_cond_clockwait(condition, mutex, clock, until));
}
