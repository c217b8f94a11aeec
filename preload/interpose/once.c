/* pthread_once, call_once and the guards of C++'s static local variables: locks that are held while an initialiser runs. Once it has
 * run, they are no locks any more. */
#include "acquire_call.h"
#include "late_symbol.h"

#define ONCE HELD_KIND_AND_MODE(TRACE_LOCK_ONCE, TRACE_MODE_EXCLUSIVE)
#define GUARD HELD_KIND_AND_MODE(TRACE_LOCK_GUARD, TRACE_MODE_EXCLUSIVE)

/* As glibc keeps it in the pthread_once_t. */
enum { ONCE_IN_PROGRESS = 1, ONCE_DONE = 2 };

/* A call of pthread_once on this thread, which may run its function. */
struct once_call {
    void (*function)(void);
    struct acquisition acquisition;
    struct wait former;
    bool waits; /* for another thread that runs it */
    struct once_call *outer;
};

static __thread struct once_call *innermost;

/* If the function throws, the entry in the held list stays; it is dropped when the call is no longer on the stack. */
static void run(void)
{
    struct once_call *call = innermost;
    if (call->waits) {
        wait_ends(call->former);
        history_acquired(call->acquisition.lock);
    } else {
        acquired(call->acquisition);
    }
    call->waits = false;
    call->function();
    released(call->acquisition.lock, call->acquisition.return_address, call->acquisition.frame);
}

static void begins(struct once_call *call, const int *once)
{
    call->outer = innermost;
    innermost = call;
    if (__atomic_load_n(once, __ATOMIC_RELAXED) & ONCE_IN_PROGRESS) {
        call->former = wait_begins_for_lock(&call->acquisition, false);
        call->waits = true;
    }
}

static void ends(void *closure)
{
    struct once_call *call = closure;
    innermost = call->outer;
    if (!call->waits)
        return;
    acquire_failed(call->acquisition.lock);
    wait_ends(call->former);
}

EXPORT int pthread_once(pthread_once_t *once, void (*function)(void))
{
    int result;
    if (__atomic_load_n(once, __ATOMIC_ACQUIRE) & ONCE_DONE) {
        history_took(once);
        return real.pthread_once(once, function);
    }
    struct once_call call = {.function = function, .acquisition = ACQUISITION(once, ONCE, ATTEMPT_BLOCKING)};
    begins(&call, once);
    pthread_cleanup_push(ends, &call);
    result = real.pthread_once(once, run);
    pthread_cleanup_pop(1);
    history_took(once);
    return result;
}

EXPORT void call_once(once_flag *once, void (*function)(void))
{
    if (__atomic_load_n(&once->__data, __ATOMIC_ACQUIRE) & ONCE_DONE) {
        history_took(once);
        real.call_once(once, function);
        return;
    }
    struct once_call call = {.function = function, .acquisition = ACQUISITION(once, ONCE, ATTEMPT_BLOCKING)};
    begins(&call, &once->__data);
    pthread_cleanup_push(ends, &call);
    real.call_once(once, run);
    pthread_cleanup_pop(1);
    history_took(once);
}

/* The C++ library may have been loaded by dlopen, without its symbols being global: then nothing follows this library. */
static void find_guard_functions(void)
{
    static bool found;
    if (likely(__atomic_load_n(&found, __ATOMIC_ACQUIRE)))
        return;
    late_symbol("__cxa_guard_release", (void **)&real.__cxa_guard_release);
    late_symbol("__cxa_guard_abort", (void **)&real.__cxa_guard_abort);
    late_symbol("__cxa_guard_acquire", (void **)&real.__cxa_guard_acquire);
    __atomic_store_n(&found, true, __ATOMIC_RELEASE);
}

/* Of a guard as the Itanium C++ ABI and libstdc++ lay it out: the first byte is set once the variable is there, the second while it
 * is being initialised. */
static bool is_being_initialized(const int64_t *guard)
{
    return ((const char *)guard)[1] != 0;
}

EXPORT int __cxa_guard_acquire(int64_t *guard)
{
    struct acquisition acquisition = ACQUISITION(guard, GUARD, ATTEMPT_BLOCKING);
    find_guard_functions();
    if (!is_being_initialized(guard)) {
        int result = real.__cxa_guard_acquire(guard);
        if (result)
            acquired(acquisition);
        else
            history_took(guard);
        return result;
    }
    if (held_list_find(recorder_self, (uintptr_t)guard))
        return real.__cxa_guard_acquire(guard); /* which throws an exception: the initialiser needs its own variable */
    struct wait former = wait_begins_for_lock(&acquisition, false);
    int result = real.__cxa_guard_acquire(guard);
    if (result) {
        history_acquired(acquisition.lock);
    } else {
        acquire_failed(acquisition.lock);
        history_took(guard);
    }
    wait_ends(former);
    return result;
}

EXPORT void __cxa_guard_release(int64_t *guard)
{
    find_guard_functions();
    released((uintptr_t)guard, CALL_RETURN_ADDRESS, CALL_FRAME);
    real.__cxa_guard_release(guard);
}

EXPORT void __cxa_guard_abort(int64_t *guard)
{
    find_guard_functions();
    released((uintptr_t)guard, CALL_RETURN_ADDRESS, CALL_FRAME);
    real.__cxa_guard_abort(guard);
}
