#include "event.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "exit_report.h"
#include "hash.h"
#include "hash_index.h"
#include "lifecycle.h"
#include "options.h"
#include "raw_system_call.h"
#include "trace_writer.h"

static struct hash_index events;

/* Threads and instances of locks have no part in it: a fault is told once. Those of a deadlock have: each is another hang. */
static uint64_t hash_event(enum trace_event_kind kind, uint32_t detail, const struct trace_event_step *steps, uint32_t step_count)
{
    uint64_t hash = hash_mix(kind, detail);
    for (uint32_t i = 0; i < step_count; i++) {
        hash = hash_mix(hash_mix(hash, steps[i].holds_context), steps[i].wants_context);
        if (kind == TRACE_EVENT_DEADLOCK)
            hash = hash_mix(hash_mix(hash, (uint64_t)steps[i].thread << 32 | steps[i].holds), steps[i].wants);
    }
    return hash;
}

bool event_write(enum trace_event_kind kind, uint32_t detail, const struct trace_event_step *steps, uint32_t step_count)
{
    uint64_t hash = hash_event(kind, detail, steps, step_count);
    if (hash_index_find(&events, hash) || !hash_index_insert(&events, hash, 1))
        return false;
    struct trace_event *record = trace_append(TRACE_RECORD_EVENT, sizeof *record + step_count * sizeof *steps);
    if (!record)
        return false;
    record->kind = kind;
    record->detail = detail;
    record->step_count = step_count;
    memcpy(record + 1, steps, step_count * sizeof *steps);
    trace_commit();
    if (kind == TRACE_EVENT_DEADLOCK)
        __atomic_store_n(&trace_header()->deadlocks, trace_header()->deadlocks + 1, __ATOMIC_RELEASE);
    return true;
}

void event_forget_all(void)
{
    hash_index_abandon(&events);
}

/* SIGURG does nothing to a process that does not wait for it, should the number be another process's by now. */
void event_tell_deadlock(uint32_t number)
{
    if (options.notify)
        raw_system_call(SYS_kill, options.notify, SIGURG, 0, 0, 0, 0);
    else if (options.report)
        deadlock_report(number);
    if (options.on_deadlock == ON_DEADLOCK_REPORT)
        return;
    lifecycle_close();
    if (options.on_deadlock == ON_DEADLOCK_EXIT)
        essential_system_call(SYS_exit_group, ON_DEADLOCK_EXIT_STATUS, 0, 0, 0, 0, 0);
    struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        unsigned long mask;
    } by_default = {SIG_DFL, 0, NULL, 0};
    unsigned long all_but_none = 0;
    long process = essential_system_call(SYS_getpid, 0, 0, 0, 0, 0, 0), thread = essential_system_call(SYS_gettid, 0, 0, 0, 0, 0, 0);
    essential_system_call(SYS_rt_sigaction, SIGABRT, (long)&by_default, 0, sizeof all_but_none, 0, 0);
    essential_system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all_but_none, 0, sizeof all_but_none, 0, 0);
    essential_system_call(SYS_tgkill, process, thread, SIGABRT, 0, 0, 0);
    essential_system_call(SYS_exit_group, 128 + SIGABRT, 0, 0, 0, 0, 0);
}
