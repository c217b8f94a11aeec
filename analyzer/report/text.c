/* The text report. Its order is that of Java's thread dump ("Found one Java-level deadlock"): the conclusion, then one line per
 * thread, then the stacks. The schedule in columns is kernel lockdep's (print_circular_lock_scenario). */
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>

#include "allocate.h"
#include "coverage.h"
#include "program_text.h"
#include "stack.h"

void text_print(const struct text_writer *writer, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    program_text_print(writer->stream, allocate_checked(text));
    free(text);
}

static void end_line(const struct text_writer *writer)
{
    fputc('\n', writer->stream);
}

char *text_thread_label(const struct thread *thread)
{
    bool is_main = (thread->flags & TRACE_THREAD_MAIN) != 0 && strcmp(thread->name, "main") != 0;
    const char *suffix = is_main ? " (main)" : "";
    if (thread->name[0] == '\0')
        return allocate_text("thread %" PRIu32 "%s", thread->number, suffix);
    return allocate_text("thread %" PRIu32 " \"%s\"%s", thread->number, thread->name, suffix);
}

const struct dependency *text_dependency(const struct text_writer *writer, const struct finding_step *step)
{
    return &writer->report->world->dependencies[step->dependency.index];
}

const struct held_lock *text_held(const struct text_writer *writer, const struct finding_step *step)
{
    return &text_dependency(writer, step)->held[step->held_index];
}

static const struct thread *thread_of(const struct text_writer *writer, const struct finding_step *step)
{
    return &writer->report->world->threads[step->thread.index];
}

static const char *lock_name(const struct text_writer *writer, struct lock_id lock)
{
    return lock_names_name(writer->report->lock_names, lock);
}

static const char *short_name(const struct text_writer *writer, struct lock_id lock)
{
    return lock_names_short(writer->report->lock_names, lock);
}

static uint32_t process_index(const struct text_writer *writer, const struct finding *finding)
{
    return finding->step_count == 0 ? 0 : text_dependency(writer, &finding->steps[0])->process.index;
}

static uint32_t count_processes_with_findings(const struct text_writer *writer)
{
    bool *has_finding = allocate_zeroed(writer->report->world->process_count, sizeof *has_finding);
    uint32_t count = 0;
    for (uint32_t i = 0; i < writer->report->findings->count; i++) {
        bool *found = &has_finding[process_index(writer, &writer->report->findings->items[i])];
        count += !*found;
        *found = true;
    }
    free(has_finding);
    return count;
}

/* --- The conclusion --- */

static const char *const kind_plurals[FINDING_KIND_COUNT] = {"deadlocks", "cycles", "orders", "hazards", "misuses"};

static void count_kinds(const struct findings *findings, uint32_t counts[FINDING_KIND_COUNT])
{
    for (uint32_t i = 0; i < findings->count; i++)
        counts[findings->items[i].kind]++;
}

static void print_counts(const struct text_writer *writer, const uint32_t counts[FINDING_KIND_COUNT])
{
    const char *separator = "";
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        if (counts[kind] == 0)
            continue;
        text_print(writer, "%s%" PRIu32 " %s", separator, counts[kind],
                   counts[kind] == 1 ? finding_kind_name((enum finding_kind)kind) : kind_plurals[kind]);
        separator = ", ";
    }
}

static void print_process(const struct text_writer *writer, uint32_t index)
{
    const struct process *process = &writer->report->world->processes[index];
    text_print(writer, "%s (pid %" PRIu32 ")", coverage_process_name(process), process->kernel_id);
}

/* Where the findings are: one process, or so many of all. */
static void print_scope(const struct text_writer *writer)
{
    const struct world *world = writer->report->world;
    uint32_t processes = coverage_count(writer->report).processes, with_findings = writer->processes_with_findings;
    if (with_findings == 1) {
        print_process(writer, process_index(writer, &writer->report->findings->items[0]));
    } else if (processes == 1) {
        print_process(writer, coverage_first_process(world).index);
    } else {
        if (with_findings != 0)
            text_print(writer, "%" PRIu32 " of ", with_findings);
        text_print(writer, "%" PRIu32 " processes of ", processes);
        print_process(writer, coverage_first_process(world).index);
    }
}

static bool is_nothing_observed(const struct world *world)
{
    for (uint32_t i = 1; i < world->process_count; i++) {
        if (world->processes[i].hooks_ran)
            return false;
    }
    return true;
}

static void write_clean_conclusion(const struct text_writer *writer)
{
    bool nothing_observed = is_nothing_observed(writer->report->world);
    terminal_style(writer->terminal, nothing_observed ? TERMINAL_MARK : TERMINAL_CLEAN);
    text_print(writer, nothing_observed ? "lockorder: no lock call was seen in " : "lockorder: no findings in ");
    print_scope(writer);
    text_print(writer, nothing_observed ? ": nothing can be said about it" : "");
    terminal_style(writer->terminal, TERMINAL_PLAIN);
    end_line(writer);
}

/* The worst of the findings, in words. */
static const char *consequence(const struct findings *findings)
{
    bool deadlocked = false, can_deadlock = false, can_stall = false;
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        bool for_ever = !finding->needs_timeout_to_end;
        bool blocks = finding->kind == FINDING_DEADLOCK || finding->kind == FINDING_CYCLE || finding->kind == FINDING_ORDER;
        blocks = blocks && !finding->advisory;
        deadlocked |= finding->kind == FINDING_DEADLOCK && for_ever;
        can_deadlock |= blocks && for_ever;
        can_stall |= blocks;
    }
    return deadlocked     ? ": it deadlocked"
           : can_deadlock ? ": it can deadlock"
           : can_stall    ? ": it can stall until a time-out"
                          : "";
}

static void write_conclusion(const struct text_writer *writer)
{
    if (writer->report->findings->count == 0) {
        write_clean_conclusion(writer);
        return;
    }
    uint32_t counts[FINDING_KIND_COUNT] = {0};
    count_kinds(writer->report->findings, counts);
    terminal_style(writer->terminal, TERMINAL_FINDING);
    text_print(writer, "lockorder: ");
    print_counts(writer, counts);
    text_print(writer, " in ");
    print_scope(writer);
    text_print(writer, "%s", consequence(writer->report->findings));
    terminal_style(writer->terminal, TERMINAL_PLAIN);
    end_line(writer);
}

/* --- One finding in few lines --- */

static void write_heading(const struct text_writer *writer, const struct finding *finding, uint32_t number)
{
    terminal_style(writer->terminal, TERMINAL_HEADING);
    text_print(writer, "%" PRIu32 ". %s %s, %s%s", number, finding_kind_name(finding->kind), finding->fingerprint,
               finding_certainty_name(finding->certainty), finding->advisory ? ", advisory: one thread did all of it" : "");
    if (writer->processes_with_findings > 1) {
        text_print(writer, ", in ");
        print_process(writer, process_index(writer, finding));
    }
    terminal_style(writer->terminal, TERMINAL_PLAIN);
    end_line(writer);
    if (finding->title != NULL) {
        text_print(writer, "   %s", finding->title);
        end_line(writer);
    }
}

static char *place_text(const struct text_writer *writer, struct context_id context)
{
    struct stack stack;
    stack_open(&stack, writer->report->world, writer->report->symbolizer, context);
    char *text = stack_place_text(&stack);
    stack_close(&stack);
    return text;
}

/* The way of waiting, where it is not the plain one. */
static const char *wants_words(const struct dependency *dependency)
{
    bool timed = dependency->flags & TRACE_DEPENDENCY_TIMED;
    if (dependency->flags & TRACE_DEPENDENCY_CONDITION)
        return timed ? "wants back, at the end of a timed condition wait," : "wants back, at the end of a condition wait,";
    return timed ? "wants, until a time-out," : "wants";
}

/* "thread 2 "a" holds X (locked at P), wants Y (at Q), held by thread 3". */
static void write_thread_line(const struct text_writer *writer, const struct finding *finding, uint32_t index)
{
    const struct finding_step *step = &finding->steps[index], *next = &finding->steps[(index + 1) % finding->step_count];
    const struct held_lock *held = text_held(writer, step);
    const struct dependency *dependency = text_dependency(writer, step);
    char *label = text_thread_label(thread_of(writer, step));
    char *locked_at = place_text(writer, held->context), *wanted_at = place_text(writer, dependency->context);
    text_print(writer, "   %s holds %s (locked at %s), %s %s (at %s)", label, lock_name(writer, held->lock), locked_at,
               wants_words(dependency), lock_name(writer, dependency->lock), wanted_at);
    if (finding->step_count == 1)
        text_print(writer, ", which it holds itself");
    else if (finding->kind != FINDING_ORDER)
        text_print(writer, ", held by thread %" PRIu32, thread_of(writer, next)->number);
    end_line(writer);
    free(label);
    free(locked_at);
    free(wanted_at);
}

static void write_summary(const struct text_writer *writer, const struct finding *finding, uint32_t number)
{
    write_heading(writer, finding, number);
    for (uint32_t i = 0; i < finding->step_count; i++)
        write_thread_line(writer, finding, i);
}

/* --- The evidence --- */

static void write_counts(const struct text_writer *writer, const struct finding *finding)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];
        text_print(writer, "   seen %" PRIu64 " time%s", step->count, step->count == 1 ? "" : "s");
        if (finding->step_count > 1)
            text_print(writer, ": %s, then %s", short_name(writer, text_held(writer, step)->lock),
                       short_name(writer, text_dependency(writer, step)->lock));
        end_line(writer);
    }
    if (finding->occurrences > 1) {
        text_print(writer, "   stands for %" PRIu32 " findings in the same code, with other locks or threads",
                   finding->occurrences);
        end_line(writer);
    }
    if (finding->needs_timeout_to_end) {
        text_print(writer, "   not for ever: one of the waits has a time-out");
        end_line(writer);
    }
    if (finding->needs_writer) {
        text_print(writer, "   needs a third thread that waits to write: a reader waits for it, and it for the other reader");
        end_line(writer);
    }
}

static void write_suggestion(const struct text_writer *writer, const struct finding *finding)
{
    if (finding->suggestion == NULL)
        return;
    terminal_style(writer->terminal, TERMINAL_HEADING);
    text_print(writer, "   suggestion: ");
    terminal_style(writer->terminal, TERMINAL_PLAIN);
    text_print(writer, "%s", finding->suggestion);
    end_line(writer);
}

static void write_stack_line(const struct text_writer *writer, const struct stack_line *line, bool is_place)
{
    terminal_style(writer->terminal, is_place ? TERMINAL_MARK : TERMINAL_PLAIN);
    text_print(writer, "   %s ", is_place ? "=>" : "  ");
    const char *module = line->module[0] == '\0' ? "" : stack_base_name(line->module);
    const char *plus = line->module[0] == '\0' ? "" : "+";
    const char *function = line->function[0] == '\0' ? "?" : line->function;
    if (line->file[0] != '\0')
        text_print(writer, "%s at %s:%" PRIu32 "%s", function, line->file, line->line, line->inlined ? " (inlined)" : "");
    else
        text_print(writer, "%s (%s%s0x%" PRIx64 ")", function, module, plus, line->offset);
    if (is_place)
        terminal_style(writer->terminal, TERMINAL_PLAIN);
    end_line(writer);
}

static void write_stack(const struct text_writer *writer, struct context_id context)
{
    struct stack stack;
    stack_open(&stack, writer->report->world, writer->report->symbolizer, context);
    for (uint32_t i = 0; i < stack.count; i++)
        write_stack_line(writer, &stack.lines[i], i == stack.place);
    if (stack.count == 0)
        fputs("      no stack was recorded\n", writer->stream);
    else if (stack.cut)
        fputs("      ... deeper frames were not recorded\n", writer->stream);
    stack_close(&stack);
}

/* Other locks that the thread has at that moment: no part of the cycle, yet often the context in which it makes sense. */
static void write_also_held(const struct text_writer *writer, const struct finding_step *step)
{
    const struct dependency *dependency = text_dependency(writer, step);
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        if (i == step->held_index)
            continue;
        char *place = place_text(writer, dependency->held[i].context);
        text_print(writer, "   and also holds %s (locked at %s)", lock_name(writer, dependency->held[i].lock), place);
        end_line(writer);
        free(place);
    }
}

static void write_step_stacks(const struct text_writer *writer, const struct finding_step *step)
{
    const struct held_lock *held = text_held(writer, step);
    const struct dependency *dependency = text_dependency(writer, step);
    char *label = text_thread_label(thread_of(writer, step));
    end_line(writer);
    text_print(writer, "   %s locked %s here:", label, short_name(writer, held->lock));
    end_line(writer);
    write_stack(writer, held->context);
    write_also_held(writer, step);
    text_print(writer, "   and wants %s here:", short_name(writer, dependency->lock));
    end_line(writer);
    write_stack(writer, dependency->context);
    free(label);
}

static const char *lock_storage(const struct lock *lock)
{
    return lock->flags & TRACE_LOCK_STATIC ? "static" : lock->flags & TRACE_LOCK_STACK ? "stack" : "heap";
}

static void write_lock(const struct text_writer *writer, struct lock_id id)
{
    const struct lock *lock = &writer->report->world->locks[id.index];
    text_print(writer, "   %s: %s %s at 0x%" PRIx64, short_name(writer, id), lock_storage(lock), lock_kind_name(lock->kind),
               lock->address);
    if (lock->initialized_at.index == 0) {
        end_line(writer);
        return;
    }
    text_print(writer, ", initialised here:");
    end_line(writer);
    write_stack(writer, lock->initialized_at);
}

/* Every lock of a cycle is held by one step; of an order, the wanted ones are others. */
static void write_locks(const struct text_writer *writer, const struct finding *finding)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        write_lock(writer, text_held(writer, &finding->steps[i])->lock);
        if (finding->kind == FINDING_ORDER)
            write_lock(writer, text_dependency(writer, &finding->steps[i])->lock);
    }
}

static void write_finding(const struct text_writer *writer, const struct finding *finding, uint32_t number)
{
    write_summary(writer, finding, number);
    end_line(writer);
    text_write_schedule(writer, finding);
    write_counts(writer, finding);
    write_suggestion(writer, finding);
    for (uint32_t i = 0; i < finding->step_count; i++)
        write_step_stacks(writer, &finding->steps[i]);
    end_line(writer);
    write_locks(writer, finding);
    end_line(writer);
}

void report_write_text(const struct report *report, const struct terminal *terminal, enum report_detail detail)
{
    struct text_writer writer = {report, terminal, terminal->stream, 0};
    writer.processes_with_findings = count_processes_with_findings(&writer);
    write_conclusion(&writer);
    if (report->findings->count > 0)
        end_line(&writer);
    for (uint32_t i = 0; i < report->findings->count; i++) {
        if (detail == REPORT_FULL)
            write_finding(&writer, &report->findings->items[i], i + 1);
        else
            write_summary(&writer, &report->findings->items[i], i + 1);
    }
    text_write_coverage(&writer, detail);
}
