#include "lifecycle.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "barrier.h"
#include "context.h"
#include "dependency.h"
#include "dependency_cache.h"
#include "epoch.h"
#include "event.h"
#include "exit_report.h"
#include "hazard.h"
#include "held_list.h"
#include "history.h"
#include "lock_table.h"
#include "message.h"
#include "module.h"
#include "names.h"
#include "options.h"
#include "raw_system_call.h"
#include "real.h"
#include "recorder.h"
#include "recorder_lock.h"
#include "thread_state.h"
#include "trace_writer.h"
#include "wait.h"

__thread uint32_t recorder_depth;
uint32_t recorder_stopped = 1;

static struct recorder_lock lock;
static uint32_t *process_word; /* in a page that a child after fork finds empty */
const uint32_t *recorder_process;

extern void *__libc_stack_end;

void recorder_lock(void)
{
    recorder_lock_take(&lock);
}

void recorder_unlock(void)
{
    recorder_lock_release(&lock);
}

static void note_hooks_ran(void)
{
    uint32_t *hooks_ran = &trace_header()->hooks_ran;
    if (!*hooks_ran)
        __atomic_store_n(hooks_ran, 1, __ATOMIC_RELAXED);
}

static __attribute__((noinline)) void restart_in_child(void);

static __thread int cancel_type; /* the program's, while this thread is inside the recorder */

/* Where the program waits, glibc lets a thread be cancelled at any instruction, also in a signal handler that interrupts the
 * wait: not with the recorder lock held. */
static bool enter(int *saved_errno)
{
    if (__atomic_load_n(&recorder_stopped, __ATOMIC_ACQUIRE))
        return false;
    if (recorder_depth) {
        trace_limit_count(TRACE_LIMIT_REENTERED);
        return false;
    }
    int type; /* a signal handler may enter, too, until this thread has: not yet the place for it */
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
    recorder_depth = 1;
    cancel_type = type;
    *saved_errno = errno;
    if (unlikely(*process_word == RECORDER_IS_PARENTS))
        restart_in_child();
    if (__atomic_load_n(&recorder_stopped, __ATOMIC_ACQUIRE)) { /* a child that could not go on */
        recorder_leave(*saved_errno);
        return false;
    }
    return true;
}

bool recorder_enter(int *saved_errno)
{
    if (!enter(saved_errno))
        return false;
    note_hooks_ran();
    return true;
}

void recorder_leave(int saved_errno)
{
    errno = saved_errno;
    int type = cancel_type; /* a signal handler may enter as soon as this thread has left */
    recorder_depth = 0;
    if (unlikely(type == PTHREAD_CANCEL_ASYNCHRONOUS)) {
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
        pthread_testcancel(); /* of this nobody would tell the thread again: the wait may go on in the kernel */
    }
}

/* The page stays the parent's; a child after fork gets zeros in its place. */
static bool mark_process(void)
{
    if (!process_word) {
        process_word = pages_allocate(4096);
        if (!process_word || raw_system_call(SYS_madvise, (long)process_word, 4096, MADV_WIPEONFORK, 0, 0, 0) != 0)
            return false;
    }
    *process_word = RECORDER_AT_WORK;
    recorder_process = process_word;
    return true;
}

static void stop(void)
{
    __atomic_store_n(process_word, RECORDER_AT_REST, __ATOMIC_RELEASE);
    __atomic_store_n(&recorder_stopped, 1, __ATOMIC_RELEASE);
}

static bool write_process(int argument_count, char **arguments)
{
    char executable[4096];
    ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
    size_t executable_length = length > 0 ? (size_t)length : 0;
    executable[executable_length++] = '\0';
    size_t arguments_length = 0;
    int kept = 0;
    for (; kept < argument_count && arguments_length + strlen(arguments[kept]) + 1 <= 65536; kept++)
        arguments_length += strlen(arguments[kept]) + 1;
    struct trace_process *record = trace_append(TRACE_RECORD_PROCESS, sizeof *record + executable_length + arguments_length);
    if (!record)
        return false;
    record->argument_count = (uint32_t)kept;
    record->executable_length = (uint32_t)executable_length;
    record->arguments_length = (uint32_t)arguments_length;
    char *end = (char *)(record + 1);
    memcpy(end, executable, executable_length);
    end += executable_length;
    for (int i = 0; i < kept; i++)
        end = stpcpy(end, arguments[i]) + 1;
    trace_commit();
    return true;
}

/* The locks that the forking thread holds, it holds in the child too; their contexts are read from the parent's trace. */
struct inherited {
    struct thread_state *state;
    struct stack stacks[HELD_FIRST_ROOM];
    uint32_t count;
    union {
        struct trace_process process;
        char bytes[16384];
    } process;
};

static void read_from_parent(struct inherited *inherited)
{
    const struct trace_process *process = trace_at(sizeof(struct trace_header));
    size_t size = process->header.size < sizeof inherited->process ? process->header.size : 0;
    memcpy(&inherited->process, process, size);
    inherited->state = recorder_self;
    struct held_entry *entry = inherited->state->held + 1;
    for (; entry <= inherited->state->top && inherited->count < HELD_FIRST_ROOM; entry++) {
        struct stack *stack = &inherited->stacks[inherited->count++];
        if (HELD_CONTEXT(entry->details))
            context_read_back(HELD_CONTEXT(entry->details), stack);
    }
}

static void forget_all(void)
{
    trace_forget();
    arena_abandon();
    module_forget_all();
    context_forget_all();
    lock_table_forget_all();
    dependency_forget_all();
    event_forget_all();
    names_forget_all();
    barrier_forget_all();
    wait_forget_all();
}

static void write_inherited(const struct inherited *inherited)
{
    size_t size = inherited->process.process.header.size;
    struct trace_process *record = size ? trace_append(TRACE_RECORD_PROCESS, size) : NULL;
    if (record) {
        memcpy(record, &inherited->process, size);
        trace_commit();
    }
    thread_state_restart(inherited->state);
    struct held_entry *entry = inherited->state->held + 1;
    for (uint32_t i = 0; entry <= inherited->state->top; entry++, i++) {
        bool known = i < inherited->count && HELD_CONTEXT(entry->details);
        uint32_t context = known ? context_intern(&inherited->stacks[i]) : 0;
        entry->details = HELD_DETAILS(context, (uint32_t)entry->details);
    }
    held_list_rehash(inherited->state);
}

/* A child after fork: this thread is alone, in a copy of memory whose tables another thread may have been changing. They are
 * made anew, with a trace of the child's own. */
static void restart_in_child(void)
{
    lock.word = 0;
    struct inherited *inherited = recorder_in_sandbox ? NULL : pages_allocate(sizeof *inherited);
    if (!inherited || !mark_process()) {
        recorder_stopped = 1;
        trace_forget();
        return;
    }
    read_from_parent(inherited);
    hazard_read_from_parent(recorder_self);
    forget_all();
    if (trace_create(TRACE_PROCESS_FORKED)) {
        write_inherited(inherited);
        hazard_restart();
    } else {
        stop();
    }
    pages_release(inherited, sizeof *inherited);
}

/* Runs in the child of every fork, before the program goes on. When the fork was made by a signal handler that had interrupted
 * the recorder, nothing of it can be trusted. */
static void after_fork_in_child(void)
{
    int saved_errno;
    if (recorder_depth) {
        recorder_stopped = 1;
        trace_detach();
        return;
    }
    if (enter(&saved_errno))
        recorder_leave(saved_errno);
}

static struct thread_state *begin_main_thread(void)
{
    struct thread_origin origin = {.flags = TRACE_THREAD_MAIN, .stack_high = ((uintptr_t)__libc_stack_end | 4095) + 1};
    return thread_state_begin(&origin);
}

__attribute__((constructor)) static void begin(int argument_count, char **arguments)
{
    int saved_errno = errno;
    recorder_depth = 1;
    real_resolve();
    message_begin();
    options_read();
    epoch_install_handler();
    history_configure();
    if (mark_process() && trace_create(0) && write_process(argument_count, arguments) && begin_main_thread()) {
        pthread_atfork(NULL, NULL, after_fork_in_child);
        __atomic_store_n(&recorder_stopped, 0, __ATOMIC_RELEASE);
    }
    recorder_leave(saved_errno);
}

/* A child of vfork runs in its parent's memory, and ends without having begun. */
static bool is_this_process(void)
{
    return recorder_in_sandbox || (pid_t)trace_header()->process == getpid();
}

static bool close_trace(void)
{
    recorder_lock();
    bool first = !recorder_stopped;
    if (first) {
        thread_state_write_all_counts();
        trace_close();
        stop();
    }
    recorder_unlock();
    return first;
}

void lifecycle_close(void)
{
    close_trace();
}

void lifecycle_end(void)
{
    int saved_errno;
    if (!is_this_process() || !enter(&saved_errno))
        return;
    if (close_trace() && options.report)
        exit_report();
    recorder_leave(saved_errno);
}

__attribute__((destructor)) static void end(void)
{
    lifecycle_end();
}
