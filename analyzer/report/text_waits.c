/* What the threads of a process wait for now, as Java's thread dump lists it: with a deadlock, or instead of one. */
#include <inttypes.h>

#include "allocate.h"
#include "fold.h"
#include "text.h"

enum { MOST_WAITS = 100 };

static const uint64_t SECOND = 1000000000;

static bool is_blocked(const struct wait *wait)
{
    return wait->since != 0 && wait->thread.index != 0;
}

/* The thread's wait, NULL when it does not wait. */
static const struct wait *wait_of(const struct world *world, struct thread_id thread)
{
    for (uint32_t i = 1; i < world->wait_count; i++) {
        if (world->waits[i].thread.index == thread.index && is_blocked(&world->waits[i]))
            return &world->waits[i];
    }
    return NULL;
}

static char *label_of(const struct text_writer *writer, struct thread_id id)
{
    const struct world *world = writer->report->world;
    const struct thread *thread = &world->threads[id.index];
    char *label = text_thread_label(thread);
    if (world->process_count == 2) /* with the dummy */
        return label;
    char *longer = allocate_text("%s of pid %" PRIu32, label, world->processes[thread->process.index].kernel_id);
    free(label);
    return longer;
}

/* --- One wait --- */

/* The static variable at the address; NULL when there is none, or its name is not known. */
static const char *variable_at(const struct text_writer *writer, struct process_id process, uint64_t address)
{
    const struct world *world = writer->report->world;
    for (uint32_t i = 1; i < world->module_count; i++) {
        const struct module *module = &world->modules[i];
        if (module->process.index == process.index && address >= module->start && address < module->end)
            return symbolizer_variable(writer->report->symbolizer, (struct module_id){i}, address - module->load_bias);
    }
    return NULL;
}

/* "accounts[0].lock", "a condition at 0x7f1234": what the wait is for, which is `what`. The caller frees. */
static char *object_text(const struct text_writer *writer, const struct wait *wait, const char *what)
{
    const struct world *world = writer->report->world;
    if (wait->kind == TRACE_WAIT_JOIN)
        return allocate_copy(what);
    if (wait->lock.index != 0)
        return allocate_copy(lock_names_name(writer->report->lock_names, wait->lock));
    const char *variable = variable_at(writer, world->threads[wait->thread.index].process, wait->address);
    return variable != NULL ? allocate_copy(variable) : allocate_text("%s at 0x%" PRIx64, what, wait->address);
}

/* "waits for accounts[0].lock", "waits for the end of thread 2 "left"", "waits at the condition queue.filled". The caller frees.
 */
static char *wait_text(const struct text_writer *writer, const struct wait *wait)
{
    static const struct {
        const char *before, *what;
    } words[] = {[TRACE_WAIT_LOCK] = {"waits for", "a lock"},
                 [TRACE_WAIT_CONDITION] = {"waits to be signalled at", "a condition"},
                 [TRACE_WAIT_JOIN] = {"waits for the end of", "a thread"},
                 [TRACE_WAIT_BARRIER] = {"waits for others at", "a barrier"},
                 [TRACE_WAIT_SEMAPHORE] = {"waits for a post of", "a semaphore"}};
    bool known = wait->kind < sizeof words / sizeof words[0] && words[wait->kind].before != NULL;
    if (!known)
        return allocate_copy("waits for something that this version does not know");
    bool is_known_thread = wait->kind == TRACE_WAIT_JOIN && wait->joined.index != 0;
    char *object = is_known_thread ? label_of(writer, wait->joined) : object_text(writer, wait, words[wait->kind].what);
    char *text = allocate_text("%s %s", words[wait->kind].before, object);
    free(object);
    return text;
}

static char *duration_text(const struct wait *wait, uint64_t now)
{
    uint64_t seconds = now > wait->since ? (now - wait->since) / SECOND : 0;
    return allocate_text("%" PRIu64 " s", seconds);
}

static void write_wait_line(const struct text_writer *writer, const struct wait *wait, uint64_t now)
{
    char *label = label_of(writer, wait->thread), *text = wait_text(writer, wait);
    char *place = text_place(writer, wait->context), *duration = duration_text(wait, now);
    text_print(writer, "   %s %s (at %s), for %s%s", label, text, place, duration,
               wait->flags & TRACE_WAIT_GIVES_UP ? ", until a time-out" : "");
    text_end_line(writer);
    free(label);
    free(text);
    free(place);
    free(duration);
}

/* --- All of them --- */

/* Those of the threads that have not been told of. */
static void write_other_waits(const struct text_writer *writer, const bool *told, uint64_t now)
{
    const struct world *world = writer->report->world;
    uint32_t count = 0;
    for (uint32_t i = 1; i < world->wait_count; i++) {
        if (!is_blocked(&world->waits[i]) || told[world->waits[i].thread.index])
            continue;
        if (count++ < MOST_WAITS)
            write_wait_line(writer, &world->waits[i], now);
    }
    if (count > MOST_WAITS)
        fprintf(writer->stream, "   %" PRIu32 " more threads wait\n", count - MOST_WAITS);
}

/* How many threads have neither been told of nor wait. */
static void write_running(const struct text_writer *writer, const bool *told)
{
    const struct world *world = writer->report->world;
    bool *waits = allocate_zeroed(world->thread_count, sizeof *waits);
    uint32_t count = 0;
    for (uint32_t i = 1; i < world->wait_count; i++)
        waits[world->waits[i].thread.index] |= is_blocked(&world->waits[i]);
    for (uint32_t i = 1; i < world->thread_count; i++)
        count += !waits[i] && !told[i] && !world->threads[i].ended;
    free(waits);
    if (count != 0)
        fprintf(writer->stream, "   %" PRIu32 " %s not known to wait\n", count, count == 1 ? "thread is" : "threads are");
}

static struct text_writer writer_of(const struct report *report, const struct terminal *terminal)
{
    return (struct text_writer){report, terminal, terminal->stream, 1};
}

static void write_conclusion(const struct text_writer *writer, const char *conclusion, const char *more)
{
    terminal_style(writer->terminal, TERMINAL_FINDING);
    text_print(writer, "lockorder: ");
    for (uint32_t i = 1; i < writer->report->world->process_count; i++) {
        text_print(writer, "%s", i == 1 ? "" : ", ");
        text_print_process(writer, (struct process_id){i});
    }
    text_print(writer, "%s%s", conclusion, more);
    terminal_style(writer->terminal, TERMINAL_PLAIN);
    text_end_line(writer);
    text_end_line(writer);
}

void report_write_deadlocks(const struct report *report, const struct terminal *terminal, enum report_detail detail, uint64_t now)
{
    struct fold fold;
    struct text_writer writer = writer_of(report, fold_open(&fold, terminal));
    bool *told = allocate_zeroed(report->world->thread_count, sizeof *told);
    write_conclusion(&writer, report->world->process_count == 2 ? " has deadlocked" : " have deadlocked with each other", "");
    for (uint32_t i = 0; i < report->findings->count; i++) {
        const struct finding *finding = &report->findings->items[i];
        text_write_finding(&writer, finding, i + 1, detail);
        for (uint32_t step = 0; step < finding->step_count; step++)
            told[finding->steps[step].thread.index] = true;
    }
    if (detail == REPORT_SHORT)
        text_end_line(&writer);
    text_print(&writer, "   the other threads:");
    text_end_line(&writer);
    write_other_waits(&writer, told, now);
    write_running(&writer, told);
    text_end_line(&writer);
    fold_close(&fold);
    free(told);
}

/* --- Without a deadlock --- */

/* The wait that has lasted longest; with `kind`, of that kind alone. NULL: there is none. */
static const struct wait *longest_wait(const struct world *world, enum trace_wait_kind kind)
{
    const struct wait *longest = NULL;
    for (uint32_t i = 1; i < world->wait_count; i++) {
        const struct wait *wait = &world->waits[i];
        bool may_last = is_blocked(wait) && (kind == 0 || wait->kind == kind) && (wait->flags & TRACE_WAIT_GIVES_UP) == 0;
        if (may_last && (longest == NULL || wait->since < longest->since))
            longest = wait;
    }
    return longest;
}

/* A thread that holds a lock, or that did. */
struct holder {
    struct thread_id thread; /* none: not known */
    struct context_id locked_at;
    const struct wait *wait; /* what it waits for meanwhile; NULL: it was only seen to hold the lock some time */
};

static struct thread_id witness_thread(const struct world *world, const struct dependency *dependency, uint32_t witness)
{
    return world->segments[dependency->witnesses[witness].segment.index].thread;
}

/* Whether a thread that saw the dependency holds the lock now: it waits where that was seen. Else it is remembered as one that
 * did. */
static bool is_held_by_witness(const struct world *world, const struct dependency *dependency, const struct held_lock *held,
                               const struct wait *wanted, struct holder *holder)
{
    for (uint32_t i = 0; i < dependency->witness_count; i++) {
        struct thread_id thread = witness_thread(world, dependency, i);
        const struct wait *wait = wait_of(world, thread);
        if (thread.index == 0 || thread.index == wanted->thread.index)
            continue;
        bool waits_there = wait != NULL && wait->context.index == dependency->context.index;
        *holder = (struct holder){thread, held->context, waits_there ? wait : NULL};
        if (waits_there)
            return true;
    }
    return false;
}

static struct holder find_holder(const struct world *world, const struct wait *wanted)
{
    struct holder holder = {.wait = NULL};
    struct lock_id lock = wanted->lock;
    for (uint32_t i = 1; lock.index != 0 && i < world->dependency_count; i++) {
        const struct dependency *dependency = &world->dependencies[i];
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            if (dependency->held[held].lock.index == lock.index &&
                is_held_by_witness(world, dependency, &dependency->held[held], wanted, &holder))
                return holder;
        }
    }
    return holder;
}

static void write_holder(const struct text_writer *writer, const struct wait *wanted, const struct holder *holder)
{
    char *name = object_text(writer, wanted, "the lock");
    char *label = label_of(writer, holder->thread), *place = text_place(writer, holder->locked_at);
    if (holder->wait != NULL)
        text_print(writer, "   %s holds %s (locked at %s)", label, name, place);
    else if (holder->thread.index != 0)
        text_print(writer, "   who holds %s is not known; %s was seen to hold it (locked at %s)", name, label, place);
    else
        text_print(writer, "   who holds %s is not known: it was not seen together with other locks", name);
    text_end_line(writer);
    free(name);
    free(label);
    free(place);
}

static void write_stacks_of(const struct text_writer *writer, const struct wait *wait, const struct holder *holder)
{
    char *label = label_of(writer, wait->thread), *text = wait_text(writer, wait);
    text_end_line(writer);
    if (holder != NULL) {
        text_print(writer, "   %s locked it here:", label);
        text_end_line(writer);
        text_write_stack(writer, holder->locked_at);
        text_print(writer, "   and %s here:", text);
    } else {
        text_print(writer, "   %s %s here:", label, text);
    }
    text_end_line(writer);
    text_write_stack(writer, wait->context);
    free(label);
    free(text);
}

static void write_other_stacks(const struct text_writer *writer, const bool *told)
{
    const struct world *world = writer->report->world;
    uint32_t count = 0;
    for (uint32_t i = 1; i < world->wait_count && count < MOST_WAITS; i++) {
        if (!is_blocked(&world->waits[i]) || told[world->waits[i].thread.index])
            continue;
        write_stacks_of(writer, &world->waits[i], NULL);
        count++;
    }
}

/* `wanted`: a lock whose holder is to come first; NULL: none. */
static void write_stall(const struct text_writer *writer, const struct wait *wanted, uint64_t now)
{
    const struct world *world = writer->report->world;
    struct holder holder = {.wait = NULL};
    bool *told = allocate_zeroed(world->thread_count, sizeof *told);
    if (wanted != NULL) {
        holder = find_holder(world, wanted);
        write_holder(writer, wanted, &holder);
    }
    if (holder.wait != NULL) {
        told[holder.thread.index] = true;
        write_wait_line(writer, holder.wait, now);
    }
    write_other_waits(writer, told, now);
    write_running(writer, told);
    if (holder.wait != NULL)
        write_stacks_of(writer, holder.wait, &holder);
    write_other_stacks(writer, told);
    free(told);
}

void report_write_stall(const struct report *report, const struct terminal *terminal, uint64_t now)
{
    const struct wait *wanted = longest_wait(report->world, TRACE_WAIT_LOCK);
    bool for_lock = wanted != NULL;
    if (!for_lock)
        wanted = longest_wait(report->world, 0);
    if (wanted == NULL)
        return;
    struct fold fold;
    struct text_writer writer = writer_of(report, fold_open(&fold, terminal));
    char *duration = duration_text(wanted, now);
    char *more = allocate_text("%s%s, and no deadlock is known", duration, for_lock ? " for a lock" : "");
    write_conclusion(&writer, for_lock ? " may be stuck: a thread has waited " : " may be stuck: all threads wait, one for ",
                     more);
    write_stall(&writer, for_lock ? wanted : NULL, now);
    text_end_line(&writer);
    fold_close(&fold);
    free(duration);
    free(more);
}
