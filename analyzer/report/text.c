/* The text report. Its order is that of Java's thread dump ("Found one Java-level deadlock"): the conclusion, then one line per
 * thread, then the stacks. The schedule in columns is kernel lockdep's (print_circular_lock_scenario). */
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>

#include "allocate.h"
#include "coverage.h"
#include "event_words.h"
#include "fold.h"
#include "program_text.h"
#include "stack.h"

/* A line that starts so is a command to the runner of a CI service (GitHub's "::error::", Azure's "##vso["), spaces before it or
 * not. A name that the program gave must not give one. */
static const char *print_harmless_start(FILE *stream, const char *text)
{
    size_t spaces = strspn(text, " ");
    if (strncmp(text + spaces, "::", 2) != 0 && strncmp(text + spaces, "##", 2) != 0)
        return text;
    fprintf(stream, "%*s\\x%02x", (int)spaces, "", (unsigned char)text[spaces]);
    return text + spaces + 1;
}

void text_print(const struct text_writer *writer, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    program_text_print(writer->stream, print_harmless_start(writer->stream, allocate_checked(text)));
    free(text);
}

void text_end_line(const struct text_writer *writer)
{
    fputc('\n', writer->stream);
}

char *text_thread_label(const struct thread *thread)
{
    bool is_main = (thread->flags & TRACE_THREAD_MAIN) != 0 && strcmp(thread->name, "main") != 0;
    const char *suffix = is_main ? " (main)" : "";
    if (thread->number == 0)
        return allocate_copy("an unknown thread");
    if (thread->name[0] == '\0')
        return allocate_text("thread %" PRIu32 "%s", thread->number, suffix);
    return allocate_text("thread %" PRIu32 " \"%s\"%s", thread->number, thread->name, suffix);
}

static bool is_of_several_processes(const struct world *world, const struct finding *finding)
{
    for (uint32_t i = 1; i < finding->step_count; i++) {
        uint32_t first = finding->steps[0].thread.index, thread = finding->steps[i].thread.index;
        if (thread != 0 && world->threads[thread].process.index != world->threads[first].process.index)
            return true;
    }
    return false;
}

/* Frees the label. */
static char *with_process(const struct text_writer *writer, const struct finding *finding, struct thread_id thread, char *label)
{
    const struct world *world = writer->report->world;
    if (!is_of_several_processes(world, finding))
        return label;
    uint32_t process = world->threads[thread.index].process.index;
    char *longer = allocate_text("%s of pid %" PRIu32, label, world->processes[process].kernel_id);
    free(label);
    return longer;
}

char *text_step_label(const struct text_writer *writer, const struct finding *finding, struct thread_id thread)
{
    return with_process(writer, finding, thread, text_thread_label(&writer->report->world->threads[thread.index]));
}

/* "thread 3": where its name stands nearby. */
static char *step_number(const struct text_writer *writer, const struct finding *finding, struct thread_id thread)
{
    if (thread.index == 0)
        return allocate_copy("a thread that is not known");
    uint32_t number = writer->report->world->threads[thread.index].number;
    return with_process(writer, finding, thread, allocate_text("thread %" PRIu32, number));
}

static const char *lock_name(const struct text_writer *writer, struct lock_id lock)
{
    return lock_names_name(writer->report->lock_names, lock);
}

static const char *short_name(const struct text_writer *writer, struct lock_id lock)
{
    return lock_names_short(writer->report->lock_names, lock);
}

static uint32_t count_processes_with_findings(const struct text_writer *writer)
{
    bool *has_finding = allocate_zeroed(writer->report->world->process_count, sizeof *has_finding);
    uint32_t count = 0;
    for (uint32_t i = 0; i < writer->report->findings->count; i++) {
        const struct finding *finding = &writer->report->findings->items[i];
        bool *found = &has_finding[finding_process(writer->report->world, finding).index];
        if (finding->status != FINDING_NEW)
            continue;
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
        counts[findings->items[i].kind] += findings->items[i].status == FINDING_NEW;
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

void text_print_process(const struct text_writer *writer, struct process_id id)
{
    const struct process *process = &writer->report->world->processes[id.index];
    text_print(writer, "%s (pid %" PRIu32 ")", coverage_process_name(process), process->kernel_id);
}

static const struct finding *first_new(const struct findings *findings)
{
    uint32_t i = 0;
    while (findings->items[i].status != FINDING_NEW)
        i++;
    return &findings->items[i];
}

/* Where the findings are: one process, or so many of all. */
static void print_scope(const struct text_writer *writer)
{
    const struct world *world = writer->report->world;
    uint32_t processes = coverage_count(writer->report).processes, with_findings = writer->processes_with_findings;
    if (with_findings == 1) {
        text_print_process(writer, finding_process(world, first_new(writer->report->findings)));
    } else if (processes == 1) {
        text_print_process(writer, coverage_first_process(world));
    } else {
        if (with_findings != 0)
            text_print(writer, "%" PRIu32 " of ", with_findings);
        text_print(writer, "%" PRIu32 " processes of ", processes);
        text_print_process(writer, coverage_first_process(world));
    }
}

static void write_clean_conclusion(const struct text_writer *writer)
{
    bool nothing_observed = coverage_saw_nothing(writer->report->world);
    terminal_style(writer->terminal, nothing_observed ? TERMINAL_MARK : TERMINAL_CLEAN);
    const char *clean = writer->report->findings->count == 0 ? "lockorder: no findings in " : "lockorder: no new findings in ";
    text_print(writer, "%s", nothing_observed ? "lockorder: no lock call was seen in " : clean);
    print_scope(writer);
    text_print(writer, nothing_observed ? ": nothing can be said about it" : "");
    text_print_known_counts(writer);
    terminal_style(writer->terminal, TERMINAL_PLAIN);
    text_end_line(writer);
}

/* The worst of the findings, in words. What happened is not made good by being known. */
static const char *consequence(const struct findings *findings)
{
    bool deadlocked = false, can_deadlock = false, can_stall = false;
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        bool for_ever = !finding->needs_timeout_to_end;
        bool blocks = finding->kind == FINDING_DEADLOCK || finding->kind == FINDING_CYCLE || finding->kind == FINDING_ORDER;
        if (finding->status != FINDING_NEW && finding->kind != FINDING_DEADLOCK)
            continue;
        deadlocked |= finding->kind == FINDING_DEADLOCK && for_ever;
        can_deadlock |= blocks && for_ever;
        can_stall |= blocks;
    }
    return deadlocked     ? ": it deadlocked"
           : can_deadlock ? ": it can deadlock"
           : can_stall    ? ": it can stall until a time-out"
                          : "";
}

void text_write_conclusion(const struct text_writer *writer)
{
    if (findings_count_of(writer->report->findings, FINDING_NEW) == 0) {
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
    text_print_known_counts(writer);
    terminal_style(writer->terminal, TERMINAL_PLAIN);
    text_end_line(writer);
}

/* --- One finding in few lines --- */

static const char *advisory_text(const struct finding *finding)
{
    if (!finding->advisory)
        return "";
    return finding->across_runs ? ", advisory: one thread may do all of it" : ", advisory: one thread did all of it";
}

static void write_heading(const struct text_writer *writer, const struct finding *finding, uint32_t number)
{
    terminal_style(writer->terminal, TERMINAL_HEADING);
    text_print(writer, "%" PRIu32 ". %s %s, %s%s", number, finding_kind_name(finding->kind), finding->fingerprint,
               finding_certainty_name(finding->certainty), advisory_text(finding));
    if (writer->processes_with_findings > 1) {
        text_print(writer, ", in ");
        text_print_process(writer, finding_process(writer->report->world, finding));
    }
    terminal_style(writer->terminal, TERMINAL_PLAIN);
    text_end_line(writer);
    if (finding->title != NULL) {
        text_print(writer, "   %s", finding->title);
        text_end_line(writer);
    }
}

char *text_place(const struct text_writer *writer, struct context_id context)
{
    struct stack stack;
    stack_open(&stack, writer->report->world, writer->report->symbolizer, context);
    char *text = stack_place_text(&stack);
    stack_close(&stack);
    return text;
}

/* The way of waiting, where it is not the plain one. */
static void write_wants(const struct text_writer *writer, const struct finding *finding, const struct finding_step *step)
{
    bool happened = finding->kind == FINDING_DEADLOCK, timed = step->flags & TRACE_DEPENDENCY_TIMED;
    const char *verb = happened ? "waits" : "wants";
    if (step->flags & TRACE_DEPENDENCY_CONDITION)
        text_print(writer, " %s back, at the end of a %scondition wait,", verb, timed ? "timed " : "");
    else if (timed)
        text_print(writer, " %s, until a time-out,", verb);
    else
        text_print(writer, " %s", verb);
    if (step->wants.mode == TRACE_MODE_SHARED)
        text_print(writer, "%s for reading,", timed || step->flags & TRACE_DEPENDENCY_CONDITION ? "" : ",");
    text_print(writer, "%s %s", happened ? " for" : "", lock_name(writer, step->wants.lock));
}

static void write_holds(const struct text_writer *writer, const struct finding_step *step)
{
    if (step->holds.lock.index == 0)
        return;
    char *place = text_place(writer, step->holds.context);
    text_print(writer, " holds%s %s (locked at %s),", step->holds.mode == TRACE_MODE_SHARED ? ", for reading," : "",
               lock_name(writer, step->holds.lock), place);
    free(place);
}

/* Who keeps the thread waiting. */
static void write_obstacle(const struct text_writer *writer, const struct finding *finding, uint32_t index)
{
    const struct finding_step *step = &finding->steps[index], *next = &finding->steps[(index + 1) % finding->step_count];
    char *label = step_number(writer, finding, next->thread);
    if (finding->across_runs)
        text_print(writer, ", which %s holds, if in one process", label);
    else if (finding->step_count > 1 && next->holds.lock.index != step->wants.lock.index)
        text_print(writer, ", behind %s, which waits for it as well", label);
    else if (finding->step_count > 1 && next->thread.index == 0)
        text_print(writer, ", held by a thread that is gone");
    else if (finding->step_count > 1)
        text_print(writer, ", held by %s%s", label, finding_step_is_gone(next) ? ", which is gone" : "");
    else if (finding->certainty != CERTAINTY_HAPPENED)
        text_print(writer, ", behind any writer that waits meanwhile");
    else
        text_print(writer, ", which it holds itself");
    free(label);
}

/* Who is gone is told of where it is known. */
static void write_gone_line(const struct text_writer *writer, const struct finding *finding, const struct finding_step *step)
{
    if (step->thread.index == 0 && step->holds.context.index == 0)
        return;
    char *label = text_step_label(writer, finding, step->thread), *place = text_place(writer, step->holds.context);
    text_print(writer, "   %s, which is gone, locked %s (at %s)", label, lock_name(writer, step->holds.lock), place);
    text_end_line(writer);
    free(label);
    free(place);
}

/* "thread 2 "a" holds X (locked at P), wants Y (at Q), held by thread 3". */
static void write_thread_line(const struct text_writer *writer, const struct finding *finding, uint32_t index)
{
    const struct finding_step *step = &finding->steps[index];
    if (finding_step_is_gone(step)) {
        write_gone_line(writer, finding, step);
        return;
    }
    char *label = text_step_label(writer, finding, step->thread), *place = text_place(writer, step->wants.context);
    text_print(writer, "   %s", label);
    write_holds(writer, step);
    if (step->wants.lock.index == 0) {
        char *other = step_number(writer, finding, step->other_thread);
        text_print(writer, " waits for the end of %s (at %s)", other, place);
        free(other);
    } else {
        write_wants(writer, finding, step);
        text_print(writer, " (at %s)", place);
        if (finding->kind != FINDING_ORDER) /* there, nobody has it */
            write_obstacle(writer, finding, index);
    }
    text_end_line(writer);
    free(label);
    free(place);
}

static void write_summary(const struct text_writer *writer, const struct finding *finding, uint32_t number)
{
    write_heading(writer, finding, number);
    if (event_words_of(finding->event) != NULL) {
        text_write_event_lines(writer, finding);
        return;
    }
    for (uint32_t i = 0; i < finding->step_count; i++)
        write_thread_line(writer, finding, i);
}

/* --- The evidence --- */

/* Whether anything stands between the threads' lines and their stacks. */
static bool has_facts(const struct finding *finding)
{
    bool seen = false;
    for (uint32_t i = 0; i < finding->step_count; i++)
        seen |= finding->steps[i].count != 0;
    return seen || finding->across_runs || finding->occurrences > 1 || finding->needs_timeout_to_end ||
           finding->suggestion != NULL;
}

static void write_counts(const struct text_writer *writer, const struct finding *finding)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];
        if (step->count == 0)
            continue;
        text_print(writer, "   seen %" PRIu64 " time%s", step->count, step->count == 1 ? "" : "s");
        if (finding->step_count > 1)
            text_print(writer, ": %s, then %s", short_name(writer, step->holds.lock), short_name(writer, step->wants.lock));
        text_end_line(writer);
    }
    if (finding->across_runs) {
        text_print(writer, "   no process did all of this: the sides come from different processes or runs of the same code");
        text_end_line(writer);
    }
    if (finding->occurrences > 1) {
        text_print(writer, "   stands for %" PRIu32 " findings in the same code, with other locks or threads",
                   finding->occurrences);
        text_end_line(writer);
    }
    if (finding->needs_timeout_to_end) {
        text_print(writer, "   not for ever: one of the waits has a time-out");
        text_end_line(writer);
    }
    if (finding->needs_writer) {
        text_print(writer, "   needs a third thread that waits to write: a reader waits for it, and it for the other reader");
        text_end_line(writer);
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
    text_end_line(writer);
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
    text_end_line(writer);
}

void text_write_stack(const struct text_writer *writer, struct context_id context)
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
    const struct dependency *dependency = &writer->report->world->dependencies[step->dependency.index];
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        if (i == step->held_index)
            continue;
        char *place = text_place(writer, dependency->held[i].context);
        text_print(writer, "   and also holds %s (locked at %s)", lock_name(writer, dependency->held[i].lock), place);
        text_end_line(writer);
        free(place);
    }
}

static void write_wants_heading(const struct text_writer *writer, const struct finding *finding, const struct finding_step *step)
{
    const char *verb = finding->kind == FINDING_DEADLOCK ? "waits for" : "wants";
    if (step->wants.lock.index != 0) {
        text_print(writer, "%s %s here:", verb, short_name(writer, step->wants.lock));
        return;
    }
    char *other = text_step_label(writer, finding, step->other_thread);
    text_print(writer, "waits for the end of %s here:", other);
    free(other);
}

static void write_gone_stack(const struct text_writer *writer, const struct finding *finding, const struct finding_step *step)
{
    if (step->holds.context.index == 0)
        return;
    char *label = text_step_label(writer, finding, step->thread);
    text_end_line(writer);
    text_print(writer, "   %s, which is gone, locked %s here:", label, short_name(writer, step->holds.lock));
    text_end_line(writer);
    text_write_stack(writer, step->holds.context);
    free(label);
}

static void write_step_stacks(const struct text_writer *writer, const struct finding *finding, const struct finding_step *step)
{
    if (finding_step_is_gone(step)) {
        write_gone_stack(writer, finding, step);
        return;
    }
    char *label = text_step_label(writer, finding, step->thread);
    text_end_line(writer);
    if (step->holds.lock.index != 0) {
        text_print(writer, "   %s locked %s here:", label, short_name(writer, step->holds.lock));
        text_end_line(writer);
        text_write_stack(writer, step->holds.context);
        write_also_held(writer, step);
        text_print(writer, "   and ");
    } else {
        text_print(writer, "   %s ", label);
    }
    write_wants_heading(writer, finding, step);
    text_end_line(writer);
    text_write_stack(writer, step->wants.context);
    free(label);
}

static const char *lock_storage(const struct lock *lock)
{
    if (lock->flags & TRACE_LOCK_STATIC)
        return "static";
    return lock->is_shared ? "process-shared" : lock->flags & TRACE_LOCK_STACK ? "stack" : "heap";
}

static void write_lock(const struct text_writer *writer, struct lock_id id)
{
    const struct lock *lock = &writer->report->world->locks[id.index];
    text_print(writer, "   %s: %s %s at 0x%" PRIx64, short_name(writer, id), lock_storage(lock), lock_kind_name(lock->kind),
               lock->address);
    if (lock->initialized_at.index == 0) {
        text_end_line(writer);
        return;
    }
    text_print(writer, ", initialised here:");
    text_end_line(writer);
    text_write_stack(writer, lock->initialized_at);
}

/* Whether an earlier step, or the other side of this one, has the lock. */
static bool is_listed(const struct finding *finding, uint32_t step, struct lock_id lock, bool is_wanted)
{
    if (lock.index == 0 || (is_wanted && finding->steps[step].holds.lock.index == lock.index))
        return true;
    for (uint32_t i = 0; i < finding->step_count; i++) {
        const struct finding_step *other = &finding->steps[i];
        if (is_wanted ? other->holds.lock.index == lock.index : i < step && other->holds.lock.index == lock.index)
            return true;
        if (is_wanted && i < step && other->wants.lock.index == lock.index)
            return true;
    }
    return false;
}

static void write_locks(const struct text_writer *writer, const struct finding *finding)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        if (!is_listed(finding, i, finding->steps[i].holds.lock, false))
            write_lock(writer, finding->steps[i].holds.lock);
        if (!is_listed(finding, i, finding->steps[i].wants.lock, true))
            write_lock(writer, finding->steps[i].wants.lock);
    }
}

static void write_stacks(const struct text_writer *writer, const struct finding *finding)
{
    if (event_words_of(finding->event) != NULL) {
        text_write_event_stacks(writer, finding);
        return;
    }
    for (uint32_t i = 0; i < finding->step_count; i++)
        write_step_stacks(writer, finding, &finding->steps[i]);
}

static void write_evidence(const struct text_writer *writer, const struct finding *finding)
{
    text_write_schedule(writer, finding);
    text_write_proof(writer, finding);
    if (has_facts(finding))
        text_end_line(writer);
    write_counts(writer, finding);
    write_suggestion(writer, finding);
    write_stacks(writer, finding);
    text_end_line(writer);
    write_locks(writer, finding);
    text_end_line(writer);
}

void text_write_finding(const struct text_writer *writer, const struct finding *finding, uint32_t number,
                        enum report_detail detail)
{
    write_summary(writer, finding, number);
    if (detail == REPORT_SHORT)
        return;
    if (finding->event == TRACE_EVENT_DEADLOCK && writer->report->deadlocks_told)
        fputs("   its stacks stand above, where it was told when it happened\n\n", writer->stream);
    else
        write_evidence(writer, finding);
}

struct text_writer text_writer_new(const struct report *report, const struct terminal *terminal)
{
    struct text_writer writer = {report, terminal, terminal->stream, 0};
    writer.processes_with_findings = count_processes_with_findings(&writer);
    return writer;
}

void report_write_text(const struct report *report, const struct terminal *terminal, enum report_detail detail)
{
    struct fold fold;
    struct text_writer writer = text_writer_new(report, fold_open(&fold, terminal));
    text_write_conclusion(&writer);
    uint32_t number = 0;
    for (uint32_t i = 0; i < report->findings->count; i++) {
        if (text_is_folded(&report->findings->items[i]))
            continue;
        if (number++ == 0)
            text_end_line(&writer);
        text_write_finding(&writer, &report->findings->items[i], number, detail);
    }
    text_write_known(&writer);
    text_write_statistics(&writer);
    text_write_coverage(&writer, detail);
    fold_close(&fold);
}
