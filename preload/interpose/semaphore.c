/* sem_*: a semaphore is a lock as long as only the thread that waited posts it, and its value never exceeds 1. Once it turns out
 * to be a signal (lock_table.h), it is left alone.
 *
 * sem_wait and its kin are cancellation points, whether they block or not. Errors are in errno, which a try that came before must
 * leave as it was. */
#include "acquire_call.h"
#include "cancellation.h"
#include "lock_table.h"
#include "semaphore_type.h"

#define SEMAPHORE HELD_KIND_AND_MODE(TRACE_LOCK_SEMAPHORE, TRACE_MODE_EXCLUSIVE)

static SLOW void is_signal(sem_t *semaphore)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    recorder_lock();
    lock_table_mark_signal((uintptr_t)semaphore);
    recorder_unlock();
    for (struct held_entry *held; (held = held_list_find(recorder_self, (uintptr_t)semaphore));)
        held_list_remove(recorder_self, held);
    recorder_leave(saved_errno);
}

/* If there is more to take, or if this thread took it before and has not posted since, somebody else posts. */
static inline bool acts_as_signal(sem_t *semaphore)
{
    return semaphore_value(semaphore) > 0 || held_list_find(recorder_self, (uintptr_t)semaphore);
}

static void taken(sem_t *semaphore, struct acquisition acquisition)
{
    bool signal = lock_table_is_signal((uintptr_t)semaphore);
    if (!signal && !acts_as_signal(semaphore)) {
        acquired(acquisition);
        return;
    }
    if (!signal)
        is_signal(semaphore);
    history_took(semaphore);
}

/* One wait that blocks. */
struct blocking {
    sem_t *semaphore;
    const struct acquisition *acquisition; /* NULL for a signal */
    struct wait former;
    clockid_t clock;
    const struct timespec *until; /* NULL: no time-out */
};

static void ends(void *closure)
{
    const struct blocking *blocking = closure;
    if (blocking->acquisition)
        acquire_failed(blocking->acquisition->lock);
    history_failed((uintptr_t)blocking->semaphore);
    wait_ends(blocking->former);
}

static int block(const struct blocking *blocking)
{
    if (!blocking->until)
        return real.sem_wait(blocking->semaphore);
    if (blocking->clock == CLOCK_REALTIME)
        return real.sem_timedwait(blocking->semaphore, blocking->until);
    return real.sem_clockwait(blocking->semaphore, blocking->clock, blocking->until);
}

/* A thread that is cancelled in the wait has not taken it. */
static int block_and_see(struct blocking *blocking)
{
    int result;
    pthread_cleanup_push(ends, blocking);
    result = block(blocking);
    pthread_cleanup_pop(0);
    if (result != 0)
        ends(blocking);
    else
        wait_ends(blocking->former);
    return result;
}

static SLOW int wait_slow(sem_t *semaphore, struct acquisition acquisition, clockid_t clock, const struct timespec *until)
{
    struct blocking blocking = {.semaphore = semaphore, .clock = clock, .until = until};
    if (lock_table_is_signal((uintptr_t)semaphore) || held_list_find(recorder_self, (uintptr_t)semaphore)) {
        blocking.former = wait_begins_at(TRACE_WAIT_SEMAPHORE, semaphore, acquisition.return_address, acquisition.frame);
    } else {
        blocking.acquisition = &acquisition;
        blocking.former = wait_begins_for_lock(&acquisition, false);
    }
    int result = block_and_see(&blocking);
    if (result == 0 && blocking.acquisition)
        history_acquired((uintptr_t)semaphore);
    else if (result == 0)
        history_took(semaphore);
    if (result == 0 && (!blocking.acquisition || semaphore_value(semaphore) > 0))
        is_signal(semaphore);
    return result;
}

static SLOW int try_and_wait_slow(sem_t *semaphore, struct acquisition acquisition, clockid_t clock, const struct timespec *until)
{
    int saved_errno = errno;
    if (real.sem_trywait(semaphore) == 0) {
        taken(semaphore, acquisition);
        return 0;
    }
    errno = saved_errno;
    return wait_slow(semaphore, acquisition, clock, until);
}

static SLOW int wait_unusual_slow(sem_t *semaphore, uintptr_t return_address, uintptr_t frame)
{
    pthread_testcancel();
    return try_and_wait_slow(semaphore, blocking_acquisition(semaphore, SEMAPHORE, return_address, frame), CLOCK_REALTIME, NULL);
}

static SLOW int taken_slow(sem_t *semaphore, uintptr_t return_address, uintptr_t frame)
{
    taken(semaphore, blocking_acquisition(semaphore, SEMAPHORE, return_address, frame));
    return 0;
}

/* From the thread pointer to errno, the same in all threads: so it is read without a call. 0: not known yet. */
static ptrdiff_t errno_distance;

static int *errno_place(void)
{
    return (int *)((char *)__builtin_thread_pointer() + errno_distance);
}

__attribute__((constructor)) static void find_errno(void)
{
    errno_distance = (char *)&errno - (char *)__builtin_thread_pointer();
}

static always_inline bool is_usual(const sem_t *semaphore)
{
    return errno_distance && !__atomic_load_n(&cancellation_is_possible, __ATOMIC_RELAXED) &&
           !lock_table_is_signal((uintptr_t)semaphore) && semaphore_value(semaphore) == 1;
}

/* Fast for one that has been a lock so far, and is free. That this thread took it before and has not posted since need not be
 * asked: such an acquisition is never entered, so that the look-up, to which all that is held matters, does not find it. */
EXPORT int sem_wait(sem_t *semaphore)
{
    struct acquire_sought sought;
    if (unlikely(!is_usual(semaphore)))
        return wait_unusual_slow(semaphore, CALL_RETURN_ADDRESS, CALL_FRAME);
    int saved_errno = *errno_place();
    if (unlikely(real.sem_trywait(semaphore) != 0)) {
        *errno_place() = saved_errno;
        return wait_unusual_slow(semaphore, CALL_RETURN_ADDRESS, CALL_FRAME);
    }
    if (unlikely(!acquire_fast(recorder_self, (uintptr_t)semaphore, SEMAPHORE, ATTEMPT_BLOCKING, CALL_RETURN_ADDRESS, CALL_FRAME,
                               &sought)))
        return taken_slow(semaphore, CALL_RETURN_ADDRESS, CALL_FRAME);
    return 0;
}

#define WAIT(semaphore, clock, until)                                                                                            \
    do {                                                                                                                         \
        pthread_testcancel();                                                                                                    \
        const struct acquisition acquisition = ACQUISITION(semaphore, SEMAPHORE, ATTEMPT_TIMED);                                 \
        return try_and_wait_slow(semaphore, acquisition, clock, until);                                                          \
    } while (0)

EXPORT int sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
    WAIT(semaphore, CLOCK_REALTIME, until);
}

EXPORT int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until)
{
    WAIT(semaphore, clock, until);
}

EXPORT int sem_trywait(sem_t *semaphore)
{
    int result = real.sem_trywait(semaphore);
    const struct acquisition acquisition = ACQUISITION(semaphore, SEMAPHORE, ATTEMPT_TRY);
    if (result == 0)
        taken(semaphore, acquisition);
    else
        try_failed(acquisition);
    return result;
}

static SLOW void post_slow(sem_t *semaphore, uintptr_t return_address, uintptr_t frame)
{
    if (held_list_find(recorder_self, (uintptr_t)semaphore)) {
        release_slow((uintptr_t)semaphore, return_address, frame);
        return;
    }
    if (!lock_table_is_signal((uintptr_t)semaphore))
        is_signal(semaphore);
    history_gave(semaphore);
}

EXPORT int sem_post(sem_t *semaphore)
{
    if (!release_fast(recorder_self, (uintptr_t)semaphore) && (history_is_kept || !lock_table_is_signal((uintptr_t)semaphore)))
        post_slow(semaphore, CALL_RETURN_ADDRESS, CALL_FRAME);
    return real.sem_post(semaphore);
}

EXPORT int sem_init(sem_t *semaphore, int shared, unsigned value)
{
    int result = real.sem_init(semaphore, shared, value);
    if (result == 0)
        lock_initialized(semaphore, CALL_RETURN_ADDRESS, CALL_FRAME);
    return result;
}

EXPORT int sem_destroy(sem_t *semaphore)
{
    lock_destroyed(semaphore);
    return real.sem_destroy(semaphore);
}

EXPORT int sem_close(sem_t *semaphore)
{
    lock_destroyed(semaphore);
    return real.sem_close(semaphore);
}
