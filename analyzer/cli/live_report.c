#include "live_report.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis.h"
#include "user_error.h"

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* Whoever sits at a terminal can look further, while the threads hang. */
static void print_hint(const struct world *world)
{
    const struct process *process = &world->processes[1];
    if (isatty(STDERR_FILENO) && process->state == TRACE_STATE_RECORDING && kill((pid_t)process->kernel_id, 0) == 0)
        user_error("these threads hang until process %" PRIu32 " is ended; a debugger can attach: gdb -p %" PRIu32,
                   process->kernel_id, process->kernel_id);
}

static int count_deadlocks(const struct world *world)
{
    int count = 0;
    for (uint32_t i = 1; i < world->event_count; i++)
        count += world->events[i].kind == TRACE_EVENT_DEADLOCK;
    return count;
}

int live_report_deadlocks(const char *path, uint32_t told, struct error *error)
{
    struct analysis analysis;
    if (analysis_open_live(&analysis, path, told, error) != 0)
        return -1;
    int count = count_deadlocks(analysis.world);
    if (analysis.findings->count != 0) {
        struct terminal terminal = terminal_new(stderr);
        report_write_deadlocks(&analysis.report, &terminal, REPORT_FULL, now());
        print_hint(analysis.world);
    }
    analysis_close(&analysis);
    return count;
}

int live_report_deadlock(const char *path, uint32_t number, struct error *error)
{
    struct analysis analysis;
    if (analysis_open_live(&analysis, path, number == 0 ? 0 : number - 1, error) != 0)
        return -1;
    struct findings *all = analysis.findings;
    if (all->count != 0) {
        struct findings one = {.items = number == 0 ? &all->items[all->count - 1] : &all->items[0], .count = 1};
        struct terminal terminal = terminal_new(stderr);
        analysis.report.findings = &one;
        report_write_deadlocks(&analysis.report, &terminal, REPORT_SHORT, now());
        print_hint(analysis.world);
    }
    analysis_close(&analysis);
    return 0;
}

/* Whether a thread of the process takes part in one of the findings. */
static bool is_involved(const struct analysis *analysis, const char *trace_path)
{
    const struct world *world = analysis->world;
    for (uint32_t i = 0; i < analysis->findings->count; i++) {
        const struct finding *finding = &analysis->findings->items[i];
        for (uint32_t step = 0; step < finding->step_count; step++) {
            struct process_id process = world->threads[finding->steps[step].thread.index].process;
            if (strcmp(world->processes[process.index].trace_path, trace_path) == 0)
                return true;
        }
    }
    return false;
}

void live_report_between(const struct trace_list *traces, bool *involved)
{
    struct analysis analysis;
    analysis_open_between(&analysis, traces);
    for (size_t i = 0; i < traces->count; i++)
        involved[i] = is_involved(&analysis, traces->paths[i]);
    if (analysis.findings->count != 0) {
        struct terminal terminal = terminal_new(stderr);
        report_write_deadlocks(&analysis.report, &terminal, REPORT_FULL, now());
        print_hint(analysis.world);
    }
    analysis_close(&analysis);
}

int live_report_stall(const char *path, struct error *error)
{
    struct analysis analysis;
    if (analysis_open_live(&analysis, path, UINT32_MAX, error) != 0)
        return -1;
    struct terminal terminal = terminal_new(stderr);
    report_write_stall(&analysis.report, &terminal, now());
    print_hint(analysis.world);
    analysis_close(&analysis);
    return 0;
}
