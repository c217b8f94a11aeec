/* The locks of <threads.h>. glibc makes a mtx_t of a mutex and a cnd_t of a condition, but calls its own functions for them by other
 * names. thrd_success is 0, as success is in pthreads. */
#include "acquire_call.h"
#include "condition_wait.h"
#include "misuse.h"

#define MUTEX HELD_KIND_AND_MODE(TRACE_LOCK_MUTEX, TRACE_MODE_EXCLUSIVE)

_Static_assert(thrd_success == 0 && sizeof(mtx_t) == sizeof(pthread_mutex_t), "as glibc has it");

EXPORT int mtx_lock(mtx_t *mutex)
{
    ACQUIRE(mutex, MUTEX, ATTEMPT_BLOCKING, real.mtx_trylock(mutex), real.mtx_lock(mutex));
}

EXPORT int mtx_timedlock(mtx_t *mutex, const struct timespec *until)
{
    ACQUIRE(mutex, MUTEX, ATTEMPT_TIMED, real.mtx_trylock(mutex), real.mtx_timedlock(mutex, until));
}

EXPORT int mtx_trylock(mtx_t *mutex)
{
    TRY_TO_ACQUIRE(mutex, MUTEX, real.mtx_trylock(mutex));
}

EXPORT int mtx_unlock(mtx_t *mutex)
{
    if (unlikely(!held_list_find(recorder_self, (uintptr_t)mutex)))
        misuse_unlock_mutex((const pthread_mutex_t *)mutex, CALL);
    RELEASE(mutex, real.mtx_unlock(mutex));
}

EXPORT int mtx_init(mtx_t *mutex, int type)
{
    int result = real.mtx_init(mutex, type);
    if (result == thrd_success)
        lock_initialized(mutex, CALL_RETURN_ADDRESS, CALL_FRAME);
    return result;
}

EXPORT void mtx_destroy(mtx_t *mutex)
{
    misuse_destroy(mutex, TRACE_LOCK_MUTEX, CALL);
    lock_destroyed(mutex);
    real.mtx_destroy(mutex);
}

EXPORT int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    CONDITION_WAIT(condition, mutex, false, real.cnd_wait(condition, mutex));
}

EXPORT int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until)
{
    CONDITION_WAIT(condition, mutex, true, real.cnd_timedwait(condition, mutex, until));
}
