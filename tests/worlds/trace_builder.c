#include "trace_builder.h"

#include <stdio.h>

#include "allocate.h"

void trace_builder_open(struct trace_builder *builder)
{
    builder->bytes = allocate_zeroed(1, sizeof(struct trace_header));
    builder->size = sizeof(struct trace_header);
    *trace_builder_header(builder) = (struct trace_header){.magic = {'L', 'O', 'C', 'K', 'O', 'R', 'D', '\n'},
                                                           .version = LOCKORDER_TRACE_VERSION,
                                                           .header_size = sizeof(struct trace_header),
                                                           .committed = sizeof(struct trace_header),
                                                           .process = 1000,
                                                           .parent = 999,
                                                           .state = TRACE_STATE_CLOSED,
                                                           .hooks_ran = 1};
}

void trace_builder_close(struct trace_builder *builder)
{
    free(builder->bytes);
}

struct trace_header *trace_builder_header(struct trace_builder *builder)
{
    return (struct trace_header *)(void *)builder->bytes;
}

void trace_builder_write(const struct trace_builder *builder, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(builder->bytes, 1, builder->size, file) != builder->size || fclose(file) != 0) {
        perror(path);
        exit(99);
    }
}

void *trace_builder_record(struct trace_builder *builder, enum trace_record_type type, const void *fixed, size_t fixed_size,
                           const void *more, size_t more_size)
{
    size_t size = (fixed_size + more_size + 7) / 8 * 8;
    builder->bytes = allocate_checked(realloc(builder->bytes, builder->size + size));
    unsigned char *place = builder->bytes + builder->size;
    memset(place, 0, size);
    memcpy(place, fixed, fixed_size);
    if (more_size != 0)
        memcpy(place + fixed_size, more, more_size);
    *(struct trace_record_header *)(void *)place = (struct trace_record_header){.size = (uint32_t)size, .type = (uint16_t)type};
    builder->size += size;
    trace_builder_header(builder)->committed = builder->size;
    return place;
}

#define RECORD(builder, type, fixed) trace_builder_record((builder), (type), &(fixed), sizeof(fixed), NULL, 0)

void trace_builder_process(struct trace_builder *builder, const char *executable, const char *const *arguments,
                           uint32_t argument_count)
{
    struct trace_process process = {.argument_count = argument_count, .executable_length = (uint32_t)strlen(executable) + 1};
    size_t size = process.executable_length;
    char *strings = allocate_copy(executable);
    for (uint32_t i = 0; i < argument_count; i++) {
        size_t length = strlen(arguments[i]) + 1;
        strings = allocate_checked(realloc(strings, size + length));
        memcpy(strings + size, arguments[i], length);
        size += length;
    }
    process.arguments_length = (uint32_t)size - process.executable_length;
    trace_builder_record(builder, TRACE_RECORD_PROCESS, &process, sizeof process, strings, size);
    free(strings);
}

void trace_builder_module(struct trace_builder *builder, uint32_t module, const char *path)
{
    struct trace_module record = {.module = module,
                                  .build_id_size = 4,
                                  .load_bias = 0x555500000000,
                                  .start = 0x555500001000,
                                  .end = 0x555500009000,
                                  .build_id = {0xb1, 0xd1, 0xd0, (uint8_t)module},
                                  .path_length = (uint32_t)strlen(path) + 1};
    trace_builder_record(builder, TRACE_RECORD_MODULE, &record, sizeof record, path, record.path_length);
}

void trace_builder_thread(struct trace_builder *builder, uint32_t thread, uint32_t parent, const char *name)
{
    struct trace_thread record = {.thread = thread,
                                  .kernel_id = 1000 + thread - 1,
                                  .parent = parent,
                                  .flags = parent == 0 ? TRACE_THREAD_MAIN : 0,
                                  .acquisitions = 100 * thread};
    memcpy(record.name, name, strnlen(name, sizeof record.name));
    RECORD(builder, TRACE_RECORD_THREAD, record);
}

void trace_builder_segment(struct trace_builder *builder, uint32_t segment, uint32_t thread, uint32_t previous, uint32_t other,
                           enum trace_segment_start start)
{
    struct trace_segment record = {.segment = segment, .thread = thread, .previous = previous, .other = other, .start = start};
    RECORD(builder, TRACE_RECORD_SEGMENT, record);
}

void trace_builder_context(struct trace_builder *builder, uint32_t context, const uint64_t *frames, uint16_t frame_count)
{
    struct trace_context record = {.context = context, .frame_count = frame_count};
    trace_builder_record(builder, TRACE_RECORD_CONTEXT, &record, sizeof record, frames, frame_count * sizeof *frames);
}

void trace_builder_lock(struct trace_builder *builder, uint32_t lock, enum trace_lock_kind kind, uint32_t first_used_at)
{
    struct trace_lock record = {
        .lock = lock, .kind = kind, .address = 0x7f0000000000 + 64 * lock, .first_used_at = first_used_at};
    RECORD(builder, TRACE_RECORD_LOCK, record);
}

void trace_builder_dependency(struct trace_builder *builder, uint32_t dependency, uint32_t lock, uint32_t context,
                              const struct trace_held *held, uint32_t held_count)
{
    struct trace_dependency record = {
        .dependency = dependency, .lock = lock, .context = context, .mode = TRACE_MODE_EXCLUSIVE, .held_count = held_count};
    trace_builder_record(builder, TRACE_RECORD_DEPENDENCY, &record, sizeof record, held, held_count * sizeof *held);
}

void trace_builder_witness(struct trace_builder *builder, uint32_t dependency, uint32_t segment, uint64_t count)
{
    struct trace_witness record = {.dependency = dependency, .segment = segment, .count = count};
    RECORD(builder, TRACE_RECORD_WITNESS, record);
}

void trace_builder_event(struct trace_builder *builder, enum trace_event_kind kind, const struct trace_event_step *steps,
                         uint32_t step_count)
{
    struct trace_event record = {.kind = kind, .step_count = step_count};
    trace_builder_record(builder, TRACE_RECORD_EVENT, &record, sizeof record, steps, step_count * sizeof *steps);
}

void trace_builder_wait(struct trace_builder *builder, uint32_t thread, enum trace_wait_kind kind, uint64_t since,
                        uint32_t object, uint32_t context)
{
    struct trace_wait record = {.thread = thread, .kind = (uint16_t)kind, .since = since, .object = object, .context = context};
    RECORD(builder, TRACE_RECORD_WAIT, record);
}

void trace_builder_lock_is_signal(struct trace_builder *builder, uint32_t lock)
{
    struct trace_lock_is_signal record = {.lock = lock};
    RECORD(builder, TRACE_RECORD_LOCK_IS_SIGNAL, record);
}

void trace_builder_try_fallback(struct trace_builder *builder, uint32_t tried_at, uint32_t waits_at)
{
    struct trace_try_fallback record = {.tried_at = tried_at, .waits_at = waits_at};
    RECORD(builder, TRACE_RECORD_TRY_FALLBACK, record);
}

void trace_builder_lock_name(struct trace_builder *builder, uint32_t lock, uint32_t level, const char *name)
{
    struct trace_lock_name record = {.lock = lock, .level = level, .name_length = (uint32_t)strlen(name) + 1};
    trace_builder_record(builder, TRACE_RECORD_LOCK_NAME, &record, sizeof record, name, record.name_length);
}

void trace_builder_declared_order(struct trace_builder *builder, const char *before, const char *after)
{
    struct trace_declared_order record = {.before_length = (uint32_t)strlen(before) + 1,
                                          .after_length = (uint32_t)strlen(after) + 1};
    char names[256];
    int length = snprintf(names, sizeof names, "%s%c%s", before, '\0', after);
    trace_builder_record(builder, TRACE_RECORD_DECLARED_ORDER, &record, sizeof record, names, (size_t)length + 1);
}

void trace_builder_shared_object(struct trace_builder *builder, uint32_t lock, uint64_t device, uint64_t inode, uint64_t offset)
{
    struct trace_shared_object record = {.lock = lock, .device = device, .inode = inode, .offset = offset};
    RECORD(builder, TRACE_RECORD_SHARED_OBJECT, record);
}

static void add_threads(struct trace_builder *builder)
{
    trace_builder_thread(builder, 1, 0, "main");
    trace_builder_segment(builder, 1, 1, 0, 0, TRACE_SEGMENT_THREAD);
    trace_builder_thread(builder, 2, 1, "left");
    trace_builder_segment(builder, 2, 2, 0, 1, TRACE_SEGMENT_THREAD);
    trace_builder_segment(builder, 3, 1, 1, 0, TRACE_SEGMENT_CREATE);
    trace_builder_thread(builder, 3, 1, "right");
    trace_builder_segment(builder, 4, 3, 0, 3, TRACE_SEGMENT_THREAD);
    trace_builder_segment(builder, 5, 1, 3, 0, TRACE_SEGMENT_CREATE);
}

static void add_ends(struct trace_builder *builder)
{
    struct trace_thread_end thread_end = {.thread = 2, .last_segment = 2};
    RECORD(builder, TRACE_RECORD_THREAD_END, thread_end);
    trace_builder_segment(builder, 6, 1, 5, 2, TRACE_SEGMENT_JOIN);
    struct trace_lock_end lock_end = {.lock = 2, .reason = TRACE_LOCK_DESTROYED};
    RECORD(builder, TRACE_RECORD_LOCK_END, lock_end);
}

static void add_what_is_not_of_dependencies(struct trace_builder *builder)
{
    struct trace_event_step step = {.thread = 3, .wants = 1, .wants_context = 4, .holds_context = 1, .other_thread = 2};
    trace_builder_lock(builder, 3, TRACE_LOCK_SEMAPHORE, 2);
    trace_builder_lock_is_signal(builder, 3);
    trace_builder_try_fallback(builder, 1, 2);
    trace_builder_event(builder, TRACE_EVENT_UNLOCK_NOT_HELD, &step, 1);
    trace_builder_wait(builder, 2, TRACE_WAIT_LOCK, 1000, 1, 2);
    trace_builder_lock_name(builder, 1, 2, "account");
    trace_builder_declared_order(builder, "account", "journal");
    trace_builder_shared_object(builder, 3, 8, 9, 10);
}

void trace_builder_two_threads(struct trace_builder *builder)
{
    trace_builder_open(builder);
    trace_builder_header(builder)->acquisitions = 600;
    trace_builder_process(builder, "/usr/bin/bank", (const char *const[]){"bank", "--fast"}, 2);
    trace_builder_module(builder, 1, "/usr/bin/bank");
    for (uint32_t context = 1; context <= 4; context++) {
        uint64_t frames[] = {TRACE_FRAME(1, 0x1000 + 16 * context), TRACE_FRAME(1, 0x2000)};
        trace_builder_context(builder, context, frames, 2);
    }
    add_threads(builder);
    trace_builder_lock(builder, 1, TRACE_LOCK_MUTEX, 1);
    trace_builder_lock(builder, 2, TRACE_LOCK_MUTEX, 2);
    trace_builder_dependency(builder, 1, 2, 2, &(struct trace_held){.lock = 1, .context = 1, .mode = TRACE_MODE_EXCLUSIVE}, 1);
    trace_builder_witness(builder, 1, 2, 991);
    trace_builder_dependency(builder, 2, 1, 4, &(struct trace_held){.lock = 2, .context = 3, .mode = TRACE_MODE_EXCLUSIVE}, 1);
    trace_builder_witness(builder, 2, 4, 9);
    add_ends(builder);
    add_what_is_not_of_dependencies(builder);
}
