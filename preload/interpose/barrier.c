/* pthread_barrier_*: what every thread did before it comes before what every thread does after it. */
#include "acquire_call.h"
#include "barrier.h"
#include "unwind.h"

EXPORT int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes, unsigned count)
{
    int saved_errno;
    int result = real.pthread_barrier_init(barrier, attributes, count);
    if (result != 0 || !recorder_enter(&saved_errno))
        return result;
    recorder_lock();
    barrier_begins(barrier);
    recorder_unlock();
    recorder_leave(saved_errno);
    return result;
}

static uint64_t arrive(pthread_barrier_t *barrier)
{
    int saved_errno;
    uint64_t round = BARRIER_UNKNOWN;
    if (!recorder_enter(&saved_errno))
        return round;
    struct thread_state *state = acquire_thread_state();
    recorder_lock();
    if (state)
        round = barrier_arrive(barrier, state);
    recorder_unlock();
    recorder_leave(saved_errno);
    return round;
}

static void leave(pthread_barrier_t *barrier, uint64_t round, uintptr_t return_address, uintptr_t frame)
{
    int saved_errno;
    struct thread_state *state = recorder_self;
    if (round == BARRIER_UNKNOWN || !recorder_enter(&saved_errno))
        return;
    if (!held_list_is_empty(state))
        unwind(state, frame, return_address, &state->stack);
    recorder_lock();
    barrier_leave(barrier, round, state);
    recorder_unlock();
    recorder_leave(saved_errno);
}

EXPORT int pthread_barrier_wait(pthread_barrier_t *barrier)
{
    uint64_t round = arrive(barrier);
    history_gave(barrier);
    struct wait former = wait_begins_at(TRACE_WAIT_BARRIER, barrier, CALL_RETURN_ADDRESS, CALL_FRAME);
    int result = real.pthread_barrier_wait(barrier);
    history_took(barrier);
    wait_ends(former);
    leave(barrier, round, CALL_RETURN_ADDRESS, CALL_FRAME);
    return result;
}
