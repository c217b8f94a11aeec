/* pthread_create, join, exit, names. */
#include <string.h>

#include "acquire.h"
#include "arena.h"
#include "real.h"
#include "thread_state.h"

#define EXPORT __attribute__((visibility("default")))

/* Goes from creator to created. */
struct start {
    void *(*function)(void *);
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
    give_back(start);
    recorder_leave(saved_errno);
}

static void end_thread(void *unused)
{
    (void)unused;
    int saved_errno;
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
    void *(*function)(void *) = start->function;
    void *argument = start->argument;
    void *result;
    begin_thread(start);
    pthread_cleanup_push(end_thread, NULL);
    result = function(argument);
    pthread_cleanup_pop(1);
    return result;
}

static bool is_detached(const pthread_attr_t *attributes)
{
    int detach_state;
    return attributes && pthread_attr_getdetachstate(attributes, &detach_state) == 0 && detach_state == PTHREAD_CREATE_DETACHED;
}

static struct start *prepare(void *(*function)(void *), void *argument, uintptr_t return_address, uintptr_t frame)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return NULL;
    struct thread_state *state = acquire_thread_state();
    struct start *start = state ? take_start() : NULL;
    if (start) {
        *start = (struct start){.function = function, .argument = argument};
        start->origin.parent = state->thread;
        start->origin.segment = state->segment;
        start->origin.created_at = acquire_context(state, return_address, frame);
    }
    recorder_leave(saved_errno);
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
    struct start *start = prepare(function, argument, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (!start)
        return real.pthread_create(thread, attributes, function, argument);
    start->origin.detached = is_detached(attributes);
    int result = real.pthread_create(thread, attributes, run_thread, start);
    created(start, result);
    return result;
}

/* Looked for before the join, since the handle may belong to another thread afterwards; and again after it, since the thread may
 * not have begun when the join did. */
static struct thread_state *join_begins(pthread_t thread)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return NULL;
    recorder_lock();
    struct thread_state *joined = thread_state_find(thread);
    if (joined)
        joined->phase |= THREAD_BEING_JOINED;
    recorder_unlock();
    recorder_leave(saved_errno);
    return joined;
}

static void join_ends(pthread_t thread, struct thread_state *joined, int result)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    recorder_lock();
    if (joined)
        joined->phase &= ~(uint32_t)THREAD_BEING_JOINED;
    else
        joined = thread_state_find(thread);
    if (result == 0 && state && joined && (joined->phase & THREAD_ENDED)) {
        thread_state_next_segment(state, TRACE_SEGMENT_JOIN, joined->segment);
        thread_state_release(joined);
    }
    recorder_unlock();
    recorder_leave(saved_errno);
}

#define JOIN(thread, call)                                                                                                       \
    struct thread_state *joined = join_begins(thread);                                                                           \
    int joining_result = (call);                                                                                                 \
    join_ends(thread, joined, joining_result);                                                                                           \
    return joining_result

EXPORT int pthread_join(pthread_t thread, void **result)
{
    JOIN(thread, real.pthread_join(thread, result));
}

EXPORT int pthread_tryjoin_np(pthread_t thread, void **result)
{
    JOIN(thread, real.pthread_tryjoin_np(thread, result));
}

EXPORT int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
    JOIN(thread, real.pthread_timedjoin_np(thread, result, until));
}

EXPORT int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock, const struct timespec *until)
{
    JOIN(thread, real.pthread_clockjoin_np(thread, result, clock, until));
}

EXPORT int pthread_detach(pthread_t thread)
{
    int saved_errno;
    if (recorder_enter(&saved_errno)) {
        recorder_lock();
        thread_state_detach(thread);
        recorder_unlock();
        recorder_leave(saved_errno);
    }
    return real.pthread_detach(thread);
}

/* The threads that we started end in run_thread; the first one, and those of unknown origin, end here. */
EXPORT void pthread_exit(void *result)
{
    end_thread(NULL);
    real.pthread_exit(result);
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
