/* The held list is made by the interposed functions, from what they believe that the real ones will do. This list is made below
 * them, from what the real ones did, by code that knows nothing of the other. */
#include "check.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

#include "lock_table.h"
#include "mutex_type.h"
#include "raw_system_call.h"
#include "real.h"
#include "unwind.h"

enum { SHADOW_LOCKS = 64 };

struct shadow_lock {
    uintptr_t lock;
    enum trace_lock_kind kind;
    bool may_be_unknown; /* the recorder was not listening */
};

/* A handler may interrupt any function here: a place is taken before it is written, and is empty when it is given back. So what a
 * handler finds there meanwhile is not taken for a lock that may go. */
struct shadow_list {
    struct shadow_lock locks[SHADOW_LOCKS];
    uint32_t count;
    bool overflowed; /* so nothing is compared any more */
};

static __thread struct shadow_list shadow __attribute__((tls_model("initial-exec")));
static struct real_functions below;

static void add(uintptr_t lock, enum trace_lock_kind kind)
{
    if (shadow.count == SHADOW_LOCKS) {
        shadow.overflowed = true;
        return;
    }
    struct shadow_lock *added = &shadow.locks[shadow.count++];
    COMPILER_BARRIER();
    *added = (struct shadow_lock){.lock = lock, .kind = kind, .may_be_unknown = recorder_depth != 0 || recorder_stopped};
}

static void remove_at(uint32_t place)
{
    struct shadow_lock *removed = &shadow.locks[place];
    memmove(removed, removed + 1, (shadow.count - place - 1) * sizeof *removed);
    shadow.locks[shadow.count - 1] = (struct shadow_lock){0};
    COMPILER_BARRIER();
    shadow.count--;
}

/* The one acquired last. Whether there was one. */
static bool remove_lock(uintptr_t lock)
{
    for (uint32_t place = shadow.count; place-- > 0;)
        if (shadow.locks[place].lock == lock) {
            remove_at(place);
            return true;
        }
    return false;
}

static bool is_compared(const struct held_entry *entry, uintptr_t except)
{
    switch (HELD_KIND(entry->details)) {
    case TRACE_LOCK_MUTEX:
    case TRACE_LOCK_RWLOCK:
    case TRACE_LOCK_SPIN:
    case TRACE_LOCK_SEMAPHORE:
        return HELD_LOCK(entry) != except;
    default:
        return false;
    }
}

static bool was_unlocked_by_others(uintptr_t lock, uint32_t kind, const struct thread_state *state)
{
    return kind == TRACE_LOCK_MUTEX && !mutex_is_locked_by((const pthread_mutex_t *)lock, state);
}

/* The place of a signal may have gone to another, where many threads wait at once; the table has them all. */
static bool is_signal(uintptr_t lock, uint32_t kind)
{
    int saved_errno;
    if (kind != TRACE_LOCK_SEMAPHORE || lock_table_is_signal(lock))
        return kind == TRACE_LOCK_SEMAPHORE;
    if (!recorder_enter(&saved_errno))
        return true; /* recording has ended */
    recorder_lock();
    bool marked = lock_table_was_marked_signal(lock);
    recorder_unlock();
    recorder_leave(saved_errno);
    return marked;
}

/* Locks that the recorder has dropped, or never had, for a reason. */
static bool is_excused(const struct shadow_lock *lock, const struct thread_state *state)
{
    return lock->may_be_unknown || was_unlocked_by_others(lock->lock, lock->kind, state) || is_signal(lock->lock, lock->kind);
}

/* The first lock in which the lists differ; 0 when they are the same. The lock `except` is on its way. */
static uintptr_t find_difference(const struct thread_state *state, uintptr_t except)
{
    const struct held_entry *held = state->held + 1;
    for (uint32_t place = 0; place < shadow.count || held <= state->top;) {
        if (place < shadow.count && shadow.locks[place].lock == except)
            place++;
        else if (held <= state->top && !is_compared(held, except))
            held++;
        else if (place < shadow.count && held <= state->top && HELD_LOCK(held) == shadow.locks[place].lock)
            place++, held++;
        else if (place < shadow.count && is_excused(&shadow.locks[place], state))
            remove_at(place);
        else if (held <= state->top && was_unlocked_by_others(HELD_LOCK(held), HELD_KIND(held->details), state))
            held++;
        else
            return place < shadow.count ? shadow.locks[place].lock : HELD_LOCK(held);
    }
    return 0;
}

/* A handler may have interrupted the recorder where one list has the lock and the other has not. */
static bool may_be_in_handler(struct thread_state *state)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return true;
    unwind(state, (uintptr_t)__builtin_dwarf_cfa(), (uintptr_t)__builtin_return_address(0), &state->stack);
    bool may_be = state->stack.handler || state->stack.cut;
    recorder_leave(saved_errno);
    return may_be;
}

static void compare(uintptr_t lock)
{
    struct thread_state *state = recorder_self;
    if (shadow.overflowed || recorder_depth || recorder_stopped ||
        state->kernel_id != (pid_t)raw_system_call(SYS_gettid, 0, 0, 0, 0, 0, 0))
        return;
    int saved_errno = errno;
    uintptr_t different = find_difference(state, lock);
    if (different && !may_be_in_handler(state))
        check_failed("the held list is not what the thread holds", different);
    errno = saved_errno;
}

#define TAKEN(X)                                                                                                                 \
    X(TRACE_LOCK_MUTEX, pthread_mutex_lock, (pthread_mutex_t * lock), (lock))                                                    \
    X(TRACE_LOCK_MUTEX, pthread_mutex_trylock, (pthread_mutex_t * lock), (lock))                                                 \
    X(TRACE_LOCK_MUTEX, pthread_mutex_timedlock, (pthread_mutex_t * lock, const struct timespec *until), (lock, until))          \
    X(TRACE_LOCK_MUTEX, pthread_mutex_clocklock, (pthread_mutex_t * lock, clockid_t clock, const struct timespec *until),        \
      (lock, clock, until))                                                                                                      \
    X(TRACE_LOCK_MUTEX, mtx_lock, (mtx_t * lock), (lock))                                                                        \
    X(TRACE_LOCK_MUTEX, mtx_trylock, (mtx_t * lock), (lock))                                                                     \
    X(TRACE_LOCK_MUTEX, mtx_timedlock, (mtx_t * lock, const struct timespec *until), (lock, until))                              \
    X(TRACE_LOCK_RWLOCK, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))                                               \
    X(TRACE_LOCK_RWLOCK, pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock), (lock))                                            \
    X(TRACE_LOCK_RWLOCK, pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const struct timespec *until), (lock, until))     \
    X(TRACE_LOCK_RWLOCK, pthread_rwlock_clockrdlock, (pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until),   \
      (lock, clock, until))                                                                                                      \
    X(TRACE_LOCK_RWLOCK, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))                                               \
    X(TRACE_LOCK_RWLOCK, pthread_rwlock_trywrlock, (pthread_rwlock_t * lock), (lock))                                            \
    X(TRACE_LOCK_RWLOCK, pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const struct timespec *until), (lock, until))     \
    X(TRACE_LOCK_RWLOCK, pthread_rwlock_clockwrlock, (pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until),   \
      (lock, clock, until))                                                                                                      \
    X(TRACE_LOCK_SPIN, pthread_spin_lock, (pthread_spinlock_t * lock), (lock))                                                   \
    X(TRACE_LOCK_SPIN, pthread_spin_trylock, (pthread_spinlock_t * lock), (lock))                                                \
    X(TRACE_LOCK_SEMAPHORE, sem_wait, (sem_t * lock), (lock))                                                                    \
    X(TRACE_LOCK_SEMAPHORE, sem_trywait, (sem_t * lock), (lock))                                                                 \
    X(TRACE_LOCK_SEMAPHORE, sem_timedwait, (sem_t * lock, const struct timespec *until), (lock, until))                          \
    X(TRACE_LOCK_SEMAPHORE, sem_clockwait, (sem_t * lock, clockid_t clock, const struct timespec *until), (lock, clock, until))

#define GIVEN(X)                                                                                                                 \
    X(pthread_mutex_unlock, (pthread_mutex_t * lock))                                                                            \
    X(mtx_unlock, (mtx_t * lock))                                                                                                \
    X(pthread_rwlock_unlock, (pthread_rwlock_t * lock))                                                                          \
    X(pthread_spin_unlock, (pthread_spinlock_t * lock))                                                                          \
    X(sem_post, (sem_t * lock))

#define WAITED(X)                                                                                                                \
    X(pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t * lock), (condition, lock))                                \
    X(pthread_cond_timedwait, (pthread_cond_t * condition, pthread_mutex_t * lock, const struct timespec *until),                \
      (condition, lock, until))                                                                                                  \
    X(pthread_cond_clockwait,                                                                                                    \
      (pthread_cond_t * condition, pthread_mutex_t * lock, clockid_t clock, const struct timespec *until),                       \
      (condition, lock, clock, until))                                                                                           \
    X(cnd_wait, (cnd_t * condition, mtx_t * lock), (condition, lock))                                                            \
    X(cnd_timedwait, (cnd_t * condition, mtx_t * lock, const struct timespec *until), (condition, lock, until))

#define X(kind, name, parameters, arguments)                                                                                     \
    static int shadow_##name parameters                                                                                          \
    {                                                                                                                            \
        compare((uintptr_t)lock);                                                                                                \
        int result = below.name arguments;                                                                                       \
        if (result == 0 || result == EOWNERDEAD)                                                                                 \
            add((uintptr_t)lock, kind);                                                                                          \
        return result;                                                                                                           \
    }
TAKEN(X)
#undef X

#define X(name, parameters)                                                                                                      \
    static int shadow_##name parameters                                                                                          \
    {                                                                                                                            \
        compare((uintptr_t)lock);                                                                                                \
        remove_lock((uintptr_t)lock);                                                                                            \
        return below.name(lock);                                                                                                 \
    }
GIVEN(X)
#undef X

/* A semaphore that was a signal is none that anybody holds. */
static int shadow_sem_destroy(sem_t *semaphore)
{
    while (remove_lock((uintptr_t)semaphore)) {
    }
    return below.sem_destroy(semaphore);
}

struct waiting {
    uintptr_t mutex;
    bool held;
};

/* Where the thread is cancelled in the wait, too. */
static void take_again(void *closure)
{
    const struct waiting *waiting = closure;
    if (waiting->held)
        add(waiting->mutex, TRACE_LOCK_MUTEX);
}

#define X(name, parameters, arguments)                                                                                           \
    static int shadow_##name parameters                                                                                          \
    {                                                                                                                            \
        int result;                                                                                                              \
        compare((uintptr_t)lock);                                                                                                \
        struct waiting waiting = {(uintptr_t)lock, remove_lock((uintptr_t)lock)};                                                \
        pthread_cleanup_push(take_again, &waiting);                                                                              \
        result = below.name arguments;                                                                                           \
        pthread_cleanup_pop(1);                                                                                                  \
        return result;                                                                                                           \
    }
WAITED(X)
#undef X

#define INSTALL(name)                                                                                                            \
    __atomic_store_n(&below.name, real.name, __ATOMIC_RELEASE);                                                                  \
    __atomic_store_n(&real.name, shadow_##name, __ATOMIC_RELEASE);

void check_install_shadow_list(void)
{
#define X(kind, name, parameters, arguments) INSTALL(name)
    TAKEN(X)
#undef X
#define X(name, ...) INSTALL(name)
    GIVEN(X)
    WAITED(X)
#undef X
    INSTALL(sem_destroy)
}
