#include "coverage.h"

#include "allocate.h"
#include "stack.h"

static const struct {
    const char *name, *text;
} limits[COVERAGE_LIMIT_COUNT] = {
    [TRACE_LIMIT_DEPENDENCIES] = {"dependencies", "lock orders not recorded, since a table or the trace file was full"},
    [TRACE_LIMIT_WITNESSES] = {"witnesses", "sightings of a known order replaced by later ones"},
    [TRACE_LIMIT_CONTEXTS] = {"contexts", "call stacks not recorded"},
    [TRACE_LIMIT_FRAMES] = {"frames", "call stacks cut at 64 frames"},
    [TRACE_LIMIT_THREADS] = {"threads", "threads not recorded"},
    [TRACE_LIMIT_HELD] = {"held", "acquisitions not tracked, since too many locks were held at once"},
    [TRACE_LIMIT_REENTERED] = {"reentered", "lock calls of signal handlers that interrupted the recorder, not recorded"},
    [TRACE_LIMIT_LOCKS] = {"locks", "locks not recorded"},
    [TRACE_LIMIT_INITIALIZED] = {"initialized", "locks recorded without the place of their initialisation"},
    [TRACE_LIMIT_LATE] = {"late", "lock calls after the recorder had ended"},
    [TRACE_LIMIT_HISTORY] = {"history",
                             "threads whose calls were kept in order up to some moment only (a larger max_trace_size may help)"},
    [TRACE_LIMIT_CONTENTION] = {"contention", "waits for locks not counted in the statistics"},
    [COVERAGE_LIMIT_CYCLES] = {"cycles", "possible cycles not looked at (--max-cycles allows more)"},
};
static_assert(LOCKORDER_TRACE_MAX_FRAMES == 64, "the text above says so");

const char *coverage_limit_name(uint32_t limit)
{
    static char unknown[32];
    if (limits[limit].name != NULL)
        return limits[limit].name;
    snprintf(unknown, sizeof unknown, "limit_%u", (unsigned)limit);
    return unknown;
}

const char *coverage_limit_text(uint32_t limit)
{
    return limits[limit].text != NULL ? limits[limit].text : "events left out for a reason that this version does not know";
}

static bool is_first_of_its_pid(const struct world *world, uint32_t process)
{
    for (uint32_t i = 1; i < process; i++) {
        if (world->processes[i].kernel_id == world->processes[process].kernel_id)
            return false;
    }
    return true;
}

/* Some were waited for and never nested: they count where statistics are asked for. Without these, there are none. */
static bool *locks_only_waited_for(const struct world *world)
{
    bool *only_waited_for = allocate_zeroed(world->lock_count, sizeof *only_waited_for);
    if (world->contention_count == 1)
        return only_waited_for;
    for (uint32_t i = 1; i < world->contention_count; i++)
        only_waited_for[world->contentions[i].lock.index] = true;
    for (uint32_t i = 1; i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        only_waited_for[dependency->lock.index] = false;
        for (uint32_t held = 0; held < dependency->held_count; held++)
            only_waited_for[dependency->held[held].lock.index] = false;
    }
    return only_waited_for;
}

/* A lock of several processes counts once. */
static uint32_t count_locks(const struct world *world)
{
    uint32_t count = 0;
    bool *only_waited_for = locks_only_waited_for(world);
    for (uint32_t i = 1; i < world->lock_count; i++)
        count += world->locks[i].same_as.index == 0 && !only_waited_for[i];
    free(only_waited_for);
    return count;
}

struct coverage coverage_count(const struct report *report)
{
    const struct world *world = report->world;
    struct coverage coverage = {
        .images = world->process_count - 1, .threads = world->thread_count - 1, .locks = count_locks(world)};
    for (uint32_t i = 1; i < world->process_count; i++) {
        coverage.processes += is_first_of_its_pid(world, i);
        coverage.acquisitions += world->processes[i].acquisitions;
        for (uint32_t limit = 0; limit < TRACE_LIMIT_COUNT; limit++)
            coverage.limits[limit] += world->processes[i].limits[limit];
    }
    coverage.limits[COVERAGE_LIMIT_CYCLES] = report->findings->cut;
    return coverage;
}

bool coverage_saw_nothing(const struct world *world)
{
    for (uint32_t i = 1; i < world->process_count; i++) {
        if (world->processes[i].hooks_ran)
            return false;
    }
    return true;
}

bool coverage_is_unobserved(const struct world *world, struct process_id process)
{
    return !world->processes[process.index].hooks_ran && !world->processes[process.index].forked;
}

/* Traces of one pid are one process that called exec. Which came last is not known, but that at most one can be unfinished: when
 * one is closed, none; else it is said of the last in the list. */
bool coverage_is_unfinished(const struct world *world, struct process_id id)
{
    const struct process *process = &world->processes[id.index];
    if (process->state != TRACE_STATE_RECORDING)
        return false;
    for (uint32_t i = 1; i < world->process_count; i++) {
        const struct process *other = &world->processes[i];
        if (other->kernel_id == process->kernel_id && (other->state != TRACE_STATE_RECORDING || i > id.index))
            return false;
    }
    return true;
}

bool coverage_is_stopped(const struct world *world, struct process_id process)
{
    return world->processes[process.index].state == TRACE_STATE_STOPPED;
}

bool coverage_is_truncated(const struct world *world, struct process_id process)
{
    return world->processes[process.index].truncated;
}

static bool has_parent_in(const struct world *world, const struct process *process)
{
    for (uint32_t i = 1; i < world->process_count; i++) {
        if (world->processes[i].kernel_id == process->parent_kernel_id && &world->processes[i] != process)
            return true;
    }
    return false;
}

struct process_id coverage_first_process(const struct world *world)
{
    for (uint32_t i = 1; i < world->process_count; i++) {
        if (!has_parent_in(world, &world->processes[i]))
            return (struct process_id){i};
    }
    return (struct process_id){world->process_count > 1 ? 1 : 0};
}

char *coverage_build_id(const struct world *world, struct process_id process)
{
    for (uint32_t i = 1; i < world->module_count; i++) {
        const struct module *module = &world->modules[i];
        if (module->process.index != process.index || module->build_id_size == 0 ||
            strcmp(module->path, world->processes[process.index].executable) != 0)
            continue;
        char *text = allocate_zeroed(2 * (size_t)module->build_id_size + 1, 1);
        for (uint32_t byte = 0; byte < module->build_id_size; byte++)
            snprintf(&text[2 * (size_t)byte], 3, "%02x", module->build_id[byte]);
        return text;
    }
    return NULL;
}

const char *coverage_process_name(const struct process *process)
{
    if (process->argument_count > 0 && process->arguments[0][0] != '\0')
        return process->arguments[0];
    if (process->executable != NULL && process->executable[0] != '\0')
        return process->executable;
    return process->trace_path != NULL ? process->trace_path : "?";
}

/* A growing set of modules, by path: a library is a module of its own in every process. */
struct module_list {
    struct coverage_module *items;
    uint32_t count;
};

static bool contains(const struct module_list *list, const struct world *world, struct module_id module)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(world->modules[list->items[i].module.index].path, world->modules[module.index].path) == 0)
            return true;
    }
    return false;
}

static void add_module_of_place(struct module_list *list, const struct report *report, struct context_id context)
{
    struct stack stack;
    stack_open(&stack, report->world, report->symbolizer, context);
    const struct stack_line *line = stack.count == 0 ? NULL : &stack.lines[stack.place];
    if (line != NULL && line->line == 0 && line->module_id.index != 0 && !contains(list, report->world, line->module_id)) {
        list->items = allocate_grown(list->items, list->count, sizeof *list->items);
        list->items[list->count++] =
            (struct coverage_module){line->module_id, symbolizer_quality(report->symbolizer, line->module_id)};
    }
    stack_close(&stack);
}

struct coverage_module *coverage_modules_without_lines(const struct report *report, uint32_t *count)
{
    struct module_list list = {NULL, 0};
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const struct finding *finding = &report->findings->items[i];
        for (uint32_t j = 0; j < finding->step_count; j++) {
            add_module_of_place(&list, report, finding->steps[j].holds.context);
            add_module_of_place(&list, report, finding->steps[j].wants.context);
        }
    }
    *count = list.count;
    return list.items;
}

const char *coverage_quality_text(enum symbol_quality quality)
{
    switch (quality) {
    case SYMBOLS_DEBUG_INFORMATION:
        return "has no debug information for some of its code";
    case SYMBOLS_TABLE_ONLY:
    case SYMBOLS_NONE:
        return "has no debug information";
    case SYMBOLS_FILE_MISSING:
        return "is not there or cannot be read";
    case SYMBOLS_OTHER_BUILD:
        return "is not the build that ran";
    }
    return "has no debug information";
}
