#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "output_file.h"
#include "report/coverage.h"
#include "report/program_text.h"
#include "trace/history_units.h"
#include "trace/trace_reader.h"
#include "user_error.h"

struct options {
    struct arguments common;
    const char *trace;
    int trace_count;
};

static const struct argp_option option_table[] = {ARGUMENTS_HELP, {0}};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    if (key != ARGP_KEY_ARG)
        return arguments_parse_common(key, state);
    options->trace = argument;
    options->trace_count++;
    return 0;
}

static const struct argp parser = {
    option_table,
    parse_option,
    "TRACE",
    "Print the records of a trace as text, in their order in the file: the header, then a line for each, and lines for the parts "
    "of "
    "it. A frame is a return address: the call lies before it.\v"
    "Exit status: 0 all of the trace was read (a trace that was cut off between or inside of records is read up to there, and "
    "the "
    "last line says so), 2 bad usage, or the trace cannot be read or is broken.",
    NULL,
    NULL,
    NULL,
};

/* --- Parts of a line --- */

static void print_text(const char *text)
{
    putchar('"');
    program_text_print(stdout, text);
    putchar('"');
}

/* A value of an enumeration: its name where this version knows one. */
static void print_enumeration(const char *key, const char *const *names, size_t name_count, uint32_t value)
{
    if (value < name_count && names[value] != NULL)
        printf(" %s=%s", key, names[value]);
    else
        printf(" %s=%" PRIu32 "(unknown)", key, value);
}

#define PRINT_ENUMERATION(key, names, value) print_enumeration(key, names, sizeof(names) / sizeof *(names), value)

/* Bits with their names; what is left over as a number. */
struct flag {
    uint32_t bit;
    const char *name;
};

static void print_flags(const struct flag *flags, size_t flag_count, uint32_t value)
{
    for (size_t i = 0; i < flag_count; i++) {
        if (value & flags[i].bit)
            printf(" %s", flags[i].name);
        value &= ~flags[i].bit;
    }
    if (value != 0)
        printf(" flags=0x%" PRIx32 "(unknown)", value);
}

#define PRINT_FLAGS(flags, value) print_flags(flags, sizeof(flags) / sizeof *(flags), value)

static const char *const states[] = {"recording", "closed", "stopped"};
static const char *const segment_starts[] = {NULL, "thread", "create", "join", "barrier", "meeting", "epoch"};
static const char *const lock_kinds[] = {
    NULL,        "mutex", "recursive-mutex", "errorcheck-mutex", "adaptive-mutex", "rwlock",   "spin",
    "semaphore", "once",  "guard",           "loader",           "file",           "annotated"};
static const char *const end_reasons[] = {NULL, "destroyed", "reinitialized", "freed", "unmapped"};
static const char *const modes[] = {"none", "exclusive", "shared"};
static const char *const event_kinds[] = {[TRACE_EVENT_DEADLOCK] = "deadlock",
                                          [TRACE_EVENT_UNLOCK_NOT_HELD] = "unlock-not-held",
                                          [TRACE_EVENT_UNLOCK_NOT_OWNER] = "unlock-not-owner",
                                          [TRACE_EVENT_DESTROY_HELD] = "destroy-held",
                                          [TRACE_EVENT_EXIT_HOLDING] = "exit-holding",
                                          [TRACE_EVENT_INIT_HELD] = "init-held",
                                          [TRACE_EVENT_USE_DESTROYED] = "use-destroyed",
                                          [TRACE_EVENT_WAIT_WITHOUT_MUTEX] = "wait-without-mutex",
                                          [TRACE_EVENT_WAIT_WITH_TWO_MUTEXES] = "wait-with-two-mutexes",
                                          [TRACE_EVENT_LIVELOCK] = "livelock",
                                          [TRACE_EVENT_AGAINST_DECLARED_ORDER] = "against-declared-order",
                                          [TRACE_EVENT_CONDITION_HOLDING] = "condition-holding",
                                          [TRACE_EVENT_JOIN_HOLDING] = "join-holding",
                                          [TRACE_EVENT_SIGNAL_HANDLER] = "signal-handler",
                                          [TRACE_EVENT_FORK_WHILE_HELD] = "fork-while-held",
                                          [TRACE_EVENT_BARRIER_HOLDING] = "barrier-holding"};
static const struct flag wait_flags[] = {{TRACE_WAIT_GIVES_UP, "gives-up"}, {TRACE_WAIT_PROCESS_SHARED, "process-shared"}};
static const char *const history_calls[] = {[TRACE_HISTORY_ACQUIRED] = "acquired",
                                            [TRACE_HISTORY_RELEASED] = "released",
                                            [TRACE_HISTORY_FAILED] = "failed",
                                            [TRACE_HISTORY_GAVE] = "gave",
                                            [TRACE_HISTORY_TOOK] = "took"};
static const char *const wait_kinds[] = {NULL, "lock", "condition", "join", "barrier", "semaphore"};
static const struct flag process_flags[] = {{TRACE_PROCESS_FORKED, "forked"},
                                            {TRACE_PROCESS_TRUNCATED, "truncated"},
                                            {TRACE_FILE_MERGED, "merged"},
                                            {TRACE_FILE_ACROSS_BUILDS, "across-builds"}};
static const struct flag thread_flags[] = {{TRACE_THREAD_MAIN, "main"}, {TRACE_THREAD_UNKNOWN, "unknown-start"}};
static const struct flag context_flags[] = {{TRACE_CONTEXT_CUT, "cut"}};
static const struct flag dependency_flags[] = {
    {TRACE_DEPENDENCY_TIMED, "timed"}, {TRACE_DEPENDENCY_CONDITION, "condition"}, {TRACE_DEPENDENCY_TRY, "try"}};
static const struct flag lock_flags[] = {{TRACE_LOCK_STATIC, "static"},     {TRACE_LOCK_STACK, "stack"},
                                         {TRACE_LOCK_ROBUST, "robust"},     {TRACE_LOCK_PROCESS_SHARED, "process-shared"},
                                         {TRACE_LOCK_PRIORITY, "priority"}, {TRACE_LOCK_PREFERS_WRITER, "prefers-writer"}};

/* --- One function per record --- */

static void print_limits(const uint64_t *limits)
{
    for (uint32_t limit = 0; limit < TRACE_LIMIT_COUNT; limit++) {
        if (limits[limit] != 0)
            printf("    limit %s=%" PRIu64 "\n", coverage_limit_name(limit), limits[limit]);
    }
}

static void print_header(const struct trace_header *header)
{
    printf("trace version=%" PRIu32 " header_size=%" PRIu32 " committed=%" PRIu64 " process=%" PRIu32 " parent=%" PRIu32
           " started_at=%" PRIu64 " hooks_ran=%" PRIu32 " deadlocks=%" PRIu32 " acquisitions=%" PRIu64,
           header->version, header->header_size, header->committed, header->process, header->parent, header->started_at,
           header->hooks_ran, header->deadlocks, header->acquisitions);
    PRINT_ENUMERATION("state", states, header->state);
    PRINT_FLAGS(process_flags, header->flags);
    putchar('\n');
    print_limits(header->limits);
}

static struct history_of_thread *histories; /* of the process at hand */

static void print_image(const struct trace_record_header *record)
{
    const struct trace_image *image = (const struct trace_image *)record;
    history_positions_clear(&histories);
    printf("image process=%" PRIu32 " parent=%" PRIu32 " started_at=%" PRIu64 " hooks_ran=%" PRIu32 " deadlocks=%" PRIu32
           " acquisitions=%" PRIu64,
           image->process, image->parent, image->started_at, image->hooks_ran, image->deadlocks, image->acquisitions);
    PRINT_ENUMERATION("state", states, image->state);
    PRINT_FLAGS(process_flags, image->flags);
    putchar('\n');
    print_limits(image->limits);
}

static void print_process(const struct trace_record_header *header)
{
    const struct trace_process *process = (const struct trace_process *)header;
    const char *argument = trace_process_arguments(process);
    printf("process executable=");
    print_text(trace_process_executable(process));
    printf(" arguments=%" PRIu32 "\n", process->argument_count);
    for (uint32_t i = 0; i < process->argument_count; i++) {
        printf("    argument ");
        print_text(argument);
        putchar('\n');
        argument += strlen(argument) + 1;
    }
}

static void print_module(const struct trace_record_header *header)
{
    const struct trace_module *module = (const struct trace_module *)header;
    printf("module %" PRIu32 " path=", module->module);
    print_text(trace_module_path(module));
    printf(" load_bias=0x%" PRIx64 " start=0x%" PRIx64 " end=0x%" PRIx64 " build_id=", module->load_bias, module->start,
           module->end);
    for (uint32_t i = 0; i < module->build_id_size; i++)
        printf("%02x", module->build_id[i]);
    puts(module->build_id_size == 0 ? "none" : "");
}

static void print_thread(const struct trace_record_header *header)
{
    const struct trace_thread *thread = (const struct trace_thread *)header;
    char name[LOCKORDER_TRACE_NAME_SIZE + 1] = {0};
    memcpy(name, thread->name, LOCKORDER_TRACE_NAME_SIZE);
    printf("thread %" PRIu32 " tid=%" PRIu32 " name=", thread->thread, thread->kernel_id);
    print_text(name);
    printf(" parent=%" PRIu32 " created_at=%" PRIu32 " acquisitions=%" PRIu64, thread->parent, thread->created_at,
           thread->acquisitions);
    PRINT_FLAGS(thread_flags, thread->flags);
    putchar('\n');
}

static void print_segment(const struct trace_record_header *header)
{
    const struct trace_segment *segment = (const struct trace_segment *)header;
    printf("segment %" PRIu32 " thread=%" PRIu32 " previous=%" PRIu32 " other=%" PRIu32, segment->segment, segment->thread,
           segment->previous, segment->other);
    PRINT_ENUMERATION("start", segment_starts, segment->start);
    putchar('\n');
}

static void print_context(const struct trace_record_header *header)
{
    const struct trace_context *context = (const struct trace_context *)header;
    const uint64_t *frames = trace_context_frames(context);
    printf("context %" PRIu32 " frames=%u", context->context, context->frame_count);
    PRINT_FLAGS(context_flags, context->flags);
    putchar('\n');
    for (uint32_t i = 0; i < context->frame_count; i++)
        printf("    frame module=%" PRIu32 " address=0x%" PRIx64 "\n", TRACE_FRAME_MODULE(frames[i]),
               TRACE_FRAME_ADDRESS(frames[i]));
}

static void print_lock(const struct trace_record_header *header)
{
    const struct trace_lock *lock = (const struct trace_lock *)header;
    printf("lock %" PRIu32, lock->lock);
    PRINT_ENUMERATION("kind", lock_kinds, lock->kind);
    printf(" address=0x%" PRIx64 " module=%" PRIu32 " offset=0x%" PRIx64 " initialized_at=%" PRIu32 " first_used_at=%" PRIu32
           " thread=%" PRIu32,
           lock->address, lock->module, lock->offset, lock->initialized_at, lock->first_used_at, lock->thread);
    PRINT_FLAGS(lock_flags, lock->flags);
    putchar('\n');
}

static void print_lock_end(const struct trace_record_header *header)
{
    const struct trace_lock_end *end = (const struct trace_lock_end *)header;
    printf("lock_end lock=%" PRIu32, end->lock);
    PRINT_ENUMERATION("reason", end_reasons, end->reason);
    putchar('\n');
}

static void print_dependency(const struct trace_record_header *header)
{
    const struct trace_dependency *dependency = (const struct trace_dependency *)header;
    const struct trace_held *held = trace_dependency_held(dependency);
    printf("dependency %" PRIu32 " lock=%" PRIu32 " context=%" PRIu32, dependency->dependency, dependency->lock,
           dependency->context);
    PRINT_ENUMERATION("mode", modes, dependency->mode);
    PRINT_FLAGS(dependency_flags, dependency->flags);
    putchar('\n');
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        printf("    held lock=%" PRIu32 " context=%" PRIu32, held[i].lock, held[i].context);
        PRINT_ENUMERATION("mode", modes, held[i].mode);
        putchar('\n');
    }
}

static void print_witness(const struct trace_record_header *header)
{
    const struct trace_witness *witness = (const struct trace_witness *)header;
    printf("witness dependency=%" PRIu32 " segment=%" PRIu32 " count=%" PRIu64 "\n", witness->dependency, witness->segment,
           witness->count);
}

static void print_thread_end(const struct trace_record_header *header)
{
    const struct trace_thread_end *end = (const struct trace_thread_end *)header;
    printf("thread_end thread=%" PRIu32 " last_segment=%" PRIu32 "\n", end->thread, end->last_segment);
}

static void print_lock_is_signal(const struct trace_record_header *header)
{
    printf("lock_is_signal lock=%" PRIu32 "\n", ((const struct trace_lock_is_signal *)header)->lock);
}

static void print_try_fallback(const struct trace_record_header *header)
{
    const struct trace_try_fallback *fallback = (const struct trace_try_fallback *)header;
    printf("try_fallback tried_at=%" PRIu32 " waits_at=%" PRIu32 "\n", fallback->tried_at, fallback->waits_at);
}

static void print_event_step(const struct trace_event_step *step)
{
    printf("    step thread=%" PRIu32 " holds=%" PRIu32 " at=%" PRIu32, step->thread, step->holds, step->holds_context);
    PRINT_ENUMERATION("mode", modes, step->holds_mode);
    printf(" wants=%" PRIu32 " at=%" PRIu32, step->wants, step->wants_context);
    PRINT_ENUMERATION("mode", modes, step->wants_mode);
    printf(" other_thread=%" PRIu32 "\n", step->other_thread);
}

static void print_event(const struct trace_record_header *header)
{
    const struct trace_event *event = (const struct trace_event *)header;
    printf("event");
    PRINT_ENUMERATION("kind", event_kinds, event->kind);
    printf(" detail=%" PRIu32 "\n", event->detail);
    for (uint32_t i = 0; i < event->step_count; i++)
        print_event_step(&trace_event_steps(event)[i]);
}

static void print_wait(const struct trace_record_header *header)
{
    const struct trace_wait *wait = (const struct trace_wait *)header;
    printf("wait thread=%" PRIu32, wait->thread);
    PRINT_ENUMERATION("kind", wait_kinds, wait->kind);
    printf(" since=%" PRIu64 " address=0x%" PRIx64 " object=%" PRIu32 " context=%" PRIu32, wait->since, wait->address,
           wait->object, wait->context);
    PRINT_FLAGS(wait_flags, wait->flags);
    putchar('\n');
}

static void print_contention(const struct trace_record_header *header)
{
    const struct trace_contention *contention = (const struct trace_contention *)header;
    printf("contention thread=%" PRIu32 " lock=%" PRIu32 " context=%" PRIu32 " waits=%" PRIu64 " total=%" PRIu64
           " longest=%" PRIu64 " holder=%" PRIu32 " held_context=%" PRIu32 "\n",
           contention->thread, contention->lock, contention->context, contention->waits, contention->total, contention->longest,
           contention->holder, contention->held_context);
}

static void print_lock_name(const struct trace_record_header *header)
{
    const struct trace_lock_name *name = (const struct trace_lock_name *)header;
    printf("lock_name lock=%" PRIu32 " level=%" PRIu32 " name=", name->lock, name->level);
    print_text(trace_lock_name_text(name));
    putchar('\n');
}

static void print_declared_order(const struct trace_record_header *header)
{
    const struct trace_declared_order *order = (const struct trace_declared_order *)header;
    printf("declared_order before=");
    print_text(trace_declared_order_before(order));
    printf(" after=");
    print_text(trace_declared_order_after(order));
    printf(" context=%" PRIu32 "\n", order->context);
}

static void print_shared_object(const struct trace_record_header *header)
{
    const struct trace_shared_object *shared = (const struct trace_shared_object *)header;
    printf("shared_object lock=%" PRIu32 " device=0x%" PRIx64 " inode=%" PRIu64 " offset=0x%" PRIx64 "\n", shared->lock,
           shared->device, shared->inode, shared->offset);
}

static void print_epoch(const struct trace_record_header *header)
{
    printf("epoch %" PRIu32 "\n", ((const struct trace_epoch *)header)->epoch);
}

static void print_history(const struct trace_record_header *header)
{
    const struct trace_history *history = (const struct trace_history *)header;
    struct history_position *position = history_position_of(&histories, history->thread);
    const struct history_slot *slot;
    enum trace_history_call call;
    printf("history thread=%" PRIu32 " units=%" PRIu32 "\n", history->thread, history->unit_count);
    for (uint32_t unit = 0; (slot = history_units_next(history, &unit, position, &call)) != NULL;) {
        printf("    %s number=%" PRIu64 " object=0x%" PRIx64, history_calls[call], position->number, slot->object);
        if (slot->context != 0) {
            printf(" context=%" PRIu32, slot->context);
            PRINT_ENUMERATION("kind", lock_kinds, slot->lock_kind);
            PRINT_ENUMERATION("mode", modes, slot->mode);
        }
        putchar('\n');
    }
}

static void (*const printers[])(const struct trace_record_header *header) = {
    [TRACE_RECORD_PROCESS] = print_process,
    [TRACE_RECORD_MODULE] = print_module,
    [TRACE_RECORD_THREAD] = print_thread,
    [TRACE_RECORD_SEGMENT] = print_segment,
    [TRACE_RECORD_CONTEXT] = print_context,
    [TRACE_RECORD_LOCK] = print_lock,
    [TRACE_RECORD_LOCK_END] = print_lock_end,
    [TRACE_RECORD_DEPENDENCY] = print_dependency,
    [TRACE_RECORD_WITNESS] = print_witness,
    [TRACE_RECORD_THREAD_END] = print_thread_end,
    [TRACE_RECORD_LOCK_IS_SIGNAL] = print_lock_is_signal,
    [TRACE_RECORD_TRY_FALLBACK] = print_try_fallback,
    [TRACE_RECORD_EVENT] = print_event,
    [TRACE_RECORD_WAIT] = print_wait,
    [TRACE_RECORD_LOCK_NAME] = print_lock_name,
    [TRACE_RECORD_DECLARED_ORDER] = print_declared_order,
    [TRACE_RECORD_SHARED_OBJECT] = print_shared_object,
    [TRACE_RECORD_EPOCH] = print_epoch,
    [TRACE_RECORD_HISTORY] = print_history,
    [TRACE_RECORD_CONTENTION] = print_contention,
    [TRACE_RECORD_IMAGE] = print_image,
};

static void print_record(const struct trace_record_header *header)
{
    if (header->type < sizeof printers / sizeof printers[0] && printers[header->type] != NULL)
        printers[header->type](header);
    else
        printf("unknown record type=%u size=%" PRIu32 "\n", header->type, header->size);
}

/* --- The command --- */

static int print_records(struct trace_file *file, struct error *error)
{
    const struct trace_record_header *record;
    int result;
    while ((result = trace_file_next(file, &record, error)) == 1)
        print_record(record);
    history_positions_clear(&histories);
    if (result == 0 && trace_file_is_truncated(file))
        printf("truncated: the file ends at offset %" PRIu64 " or inside the record there, expected %" PRIu64 " bytes\n",
               trace_file_offset(file), trace_file_header(file)->committed);
    return result;
}

static int dump(const char *path)
{
    struct error error;
    struct output_file output = {.stream = stdout};
    struct trace_file *file = trace_file_open(path, &error);
    int result = -1;
    if (file != NULL) {
        print_header(trace_file_header(file));
        result = print_records(file, &error);
        trace_file_close(file);
    }
    if (result == 0)
        result = output_file_commit(&output, &error);
    if (result == 0)
        return EXIT_CLEAN;
    user_error("%s", error.text);
    return EXIT_REFUSED;
}

int command_dump(int argc, char **argv)
{
    struct options options = {.trace = NULL};
    enum arguments_result result = arguments_parse(&parser, argc, argv, &options.common);
    if (result == ARGUMENTS_HELP_PRINTED)
        return EXIT_CLEAN;
    if (result == ARGUMENTS_GOOD && options.trace_count == 1)
        return dump(options.trace);
    if (result == ARGUMENTS_GOOD)
        user_error("dump: expected one trace, found %d arguments; 'lockorder dump --help' explains", options.trace_count);
    return EXIT_REFUSED;
}
