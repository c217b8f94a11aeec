/* Threads: create, join, exit, names; by pthreads and by <threads.h>. */
#include <string.h>

#include "acquire_call.h"
#include "arena.h"
#include "cancellation.h"
#include "hazard.h"
#include "misuse.h"
#include "thread_state.h"
#include "unwind.h"

/* Goes from creator to created. */
struct start {
    union {
        void *(*of_pthreads)(void *);
        thrd_start_t of_c11;
    } function;
    void *argument;
    struct thread_origin origin;
    struct start *next; /* among the free ones */
};

static struct start *free_starts;

static struct start *take_start(void)
{
    recorder_lock();
    struct start *start = free_starts;
    if (start)
        free_starts = start->next;
    else
        start = arena_allocate(sizeof *start);
    recorder_unlock();
    return start;
}

static void give_back(struct start *start)
{
    recorder_lock();
    start->next = free_starts;
    free_starts = start;
    recorder_unlock();
}

static void begin_thread(struct start *start)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    start->origin.stack_high = ((uintptr_t)__builtin_frame_address(0) | 4095) + 1;
    recorder_lock();
    thread_state_begin(&start->origin);
    recorder_unlock();
    history_took(start);
    give_back(start);
    recorder_leave(saved_errno);
}

static void end_thread(void *unused)
{
    (void)unused;
    int saved_errno;
    history_gave(recorder_self);
    if (!recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    recorder_lock();
    if (state)
        thread_state_end(state);
    recorder_unlock();
    recorder_leave(saved_errno);
}

/* Also ends a thread that exits or is cancelled. */
static void *run_thread(void *closure)
{
    struct start *start = closure;
    void *(*function)(void *) = start->function.of_pthreads;
    void *argument = start->argument;
    void *result;
    begin_thread(start);
    pthread_cleanup_push(end_thread, NULL);
    result = function(argument);
    pthread_cleanup_pop(1);
    return result;
}

static int run_c11_thread(void *closure)
{
    struct start *start = closure;
    thrd_start_t function = start->function.of_c11;
    void *argument = start->argument;
    int result;
    begin_thread(start);
    pthread_cleanup_push(end_thread, NULL);
    result = function(argument);
    pthread_cleanup_pop(1);
    return result;
}

bool thread_begins_in(uintptr_t return_address)
{
    uintptr_t function = unwind_function_start(return_address);
    return function == (uintptr_t)run_thread || function == (uintptr_t)run_c11_thread;
}

static bool is_detached(const pthread_attr_t *attributes)
{
    int detach_state;
    return attributes && pthread_attr_getdetachstate(attributes, &detach_state) == 0 && detach_state == PTHREAD_CREATE_DETACHED;
}

static struct start *prepare(void *argument, uintptr_t return_address, uintptr_t frame)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return NULL;
    struct thread_state *state = acquire_thread_state();
    struct start *start = state ? take_start() : NULL;
    if (start) {
        *start = (struct start){.argument = argument};
        start->origin.parent = state->thread;
        start->origin.segment = state->segment;
        start->origin.created_at = acquire_context(state, return_address, frame);
    }
    recorder_leave(saved_errno);
    history_gave(start);
    return start;
}

static void created(struct start *start, int result)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    if (result != 0)
        give_back(start);
    recorder_lock();
    if (result == 0 && state)
        thread_state_next_segment(state, TRACE_SEGMENT_CREATE, 0);
    recorder_unlock();
    recorder_leave(saved_errno);
}

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
    struct start *start = prepare(argument, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (!start)
        return real.pthread_create(thread, attributes, function, argument);
    start->function.of_pthreads = function;
    start->origin.detached = is_detached(attributes);
    int result = real.pthread_create(thread, attributes, run_thread, start);
    created(start, result);
    return result;
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    struct start *start = prepare(argument, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (!start)
        return real.thrd_create(thread, function, argument);
    start->function.of_c11 = function;
    int result = real.thrd_create(thread, run_c11_thread, start);
    created(start, result);
    return result;
}

/* One call that joins. */
struct joining {
    struct thread_join join;
    struct wait former;
    struct call from;
};

static void join_begins(struct joining *joining, pthread_t thread)
{
    int saved_errno;
    joining->join.handle = thread;
    if (!recorder_enter(&saved_errno))
        return;
    recorder_lock();
    thread_state_join_begins(&joining->join);
    recorder_unlock();
    recorder_leave(saved_errno);
}

static void join_ends(struct joining *joining, int result)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    if (result == 0 && state && !held_list_is_empty(state))
        unwind(state, joining->from.frame, joining->from.return_address, &state->stack);
    recorder_lock();
    struct thread_state *joined = thread_state_join_ends(&joining->join);
    if (result == 0 && state && joined && (joined->phase & THREAD_ENDED)) {
        thread_state_next_segment(state, TRACE_SEGMENT_JOIN, joined->segment);
        hazard_waited_for(state, TRACE_EVENT_JOIN_HOLDING, joined, 0, &state->stack);
        misuse_thread_gone(joined);
        thread_state_release(joined);
    }
    recorder_unlock();
    recorder_leave(saved_errno);
    if (result == 0)
        history_took(joined);
}

static void joining_is_cancelled(void *closure)
{
    struct joining *joining = closure;
    wait_ends(joining->former);
    join_ends(joining, ECANCELED);
}

#define JOIN(thread, timed, call)                                                                                                \
    int joining_result;                                                                                                          \
    struct joining joining = {.from = CALL};                                                                                     \
    join_begins(&joining, thread);                                                                                               \
    joining.former = wait_begins_for_thread(&joining.join, timed, CALL_RETURN_ADDRESS, CALL_FRAME);                              \
    pthread_cleanup_push(joining_is_cancelled, &joining);                                                                        \
    joining_result = (call);                                                                                                     \
    pthread_cleanup_pop(0);                                                                                                      \
    wait_ends(joining.former);                                                                                                   \
    join_ends(&joining, joining_result);                                                                                         \
    return joining_result

EXPORT int pthread_join(pthread_t thread, void **result)
{
    JOIN(thread, false, real.pthread_join(thread, result));
}

EXPORT int pthread_tryjoin_np(pthread_t thread, void **result)
{
    struct joining joining = {.from = CALL};
    join_begins(&joining, thread);
    int joining_result = real.pthread_tryjoin_np(thread, result);
    join_ends(&joining, joining_result);
    return joining_result;
}

EXPORT int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
    JOIN(thread, true, real.pthread_timedjoin_np(thread, result, until));
}

EXPORT int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock, const struct timespec *until)
{
    JOIN(thread, true, real.pthread_clockjoin_np(thread, result, clock, until));
}

EXPORT int thrd_join(thrd_t thread, int *result)
{
    JOIN(thread, false, real.thrd_join(thread, result));
}

static void detach(pthread_t thread)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    recorder_lock();
    thread_state_detach(thread);
    recorder_unlock();
    recorder_leave(saved_errno);
}

EXPORT int pthread_detach(pthread_t thread)
{
    detach(thread);
    return real.pthread_detach(thread);
}

EXPORT int thrd_detach(thrd_t thread)
{
    detach(thread);
    return real.thrd_detach(thread);
}

bool cancellation_is_possible;

EXPORT int pthread_cancel(pthread_t thread)
{
    cancellation_expect();
    return real.pthread_cancel(thread);
}

/* The threads that we started end in run_thread; the first one, and those of unknown origin, end here. */
EXPORT void pthread_exit(void *result)
{
    end_thread(NULL);
    real.pthread_exit(result);
    __builtin_unreachable();
}

EXPORT void thrd_exit(int result)
{
    end_thread(NULL);
    real.thrd_exit(result);
    __builtin_unreachable();
}

EXPORT int pthread_setname_np(pthread_t thread, const char *name)
{
    int saved_errno;
    int result = real.pthread_setname_np(thread, name);
    if (result != 0 || !recorder_enter(&saved_errno))
        return result;
    recorder_lock();
    struct thread_state *state = thread_state_find(thread);
    if (state)
        thread_state_set_name(state, name);
    recorder_unlock();
    recorder_leave(saved_errno);
    return result;
}
