#include "load.h"

#include <inttypes.h>

#include "allocate.h"
#include "history_units.h"
#include "id_table.h"
#include "trace_reader.h"

/* What ids name. Each kind counts for itself in a trace. */
enum id_kind { ID_MODULE, ID_THREAD, ID_SEGMENT, ID_CONTEXT, ID_LOCK, ID_DEPENDENCY, ID_KIND_COUNT };

static const char *const id_names[ID_KIND_COUNT] = {"module", "thread", "segment", "context", "lock", "dependency"};

/* A witness's segment may be newer than all that is complete: it is replaced in place while the program runs. So it is looked
 * up when everything has been read. */
struct pending_witness {
    uint64_t offset;
    uint32_t dependency; /* index in the world */
    uint32_t segment;    /* id in the trace */
    uint64_t count;
};

struct loader {
    struct world *world;
    struct trace_file *file;
    struct error *error;
    struct trace_image image;  /* of the process at hand */
    struct process_id process; /* none before the first one of a merged trace */
    uint32_t epoch;            /* that the segments to come belong to */
    bool has_process_record;
    struct id_table ids[ID_KIND_COUNT];
    struct pending_witness *witnesses;
    size_t witness_count;
    struct trace_wait *waits; /* for the same reason */
    size_t wait_count;
    struct history_of_thread *histories;
    uint32_t first_call; /* in the world's history, of this process */
    uint32_t first_contention;
};

/* --- Ids --- */

/* The index in the world, or 0. */
static uint32_t find_id(const struct loader *loader, enum id_kind kind, uint32_t id)
{
    return id_table_find(&loader->ids[kind], id);
}

/* Checks an id that a record defines; the caller then adds the element and calls define. */
static int check_new_id(const struct loader *loader, enum id_kind kind, uint32_t id)
{
    if (id != 0 && find_id(loader, kind, id) == 0)
        return 0;
    return error_set(loader->error, "%s: at offset %" PRIu64 ": a record defines %s %" PRIu32 "%s", trace_file_path(loader->file),
                     trace_file_offset(loader->file), id_names[kind], id,
                     id == 0 ? ", but 0 means none" : " for the second time");
}

static void define(struct loader *loader, enum id_kind kind, uint32_t id, uint32_t index)
{
    id_table_define(&loader->ids[kind], id, index);
}

static int unknown_id(const struct loader *loader, uint64_t offset, enum id_kind kind, uint32_t id)
{
    return error_set(loader->error,
                     "%s: at offset %" PRIu64 ": a record refers to %s %" PRIu32 ", which no record before it defines",
                     trace_file_path(loader->file), offset, id_names[kind], id);
}

/* The index in the world of what `id` names; that of id 0, none, is 0. */
static int refer(const struct loader *loader, enum id_kind kind, uint32_t id, uint32_t *index)
{
    *index = 0;
    if (id == 0)
        return 0;
    *index = find_id(loader, kind, id);
    return *index == 0 ? unknown_id(loader, trace_file_offset(loader->file), kind, id) : 0;
}

/* The same where "none" makes no sense. */
static int refer_to_some(const struct loader *loader, enum id_kind kind, uint32_t id, uint32_t *index)
{
    return id == 0 ? unknown_id(loader, trace_file_offset(loader->file), kind, id) : refer(loader, kind, id, index);
}

/* --- One function per record type --- */

static int load_process(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_process *from = (const struct trace_process *)record;
    struct process *process = &loader->world->processes[loader->process.index];
    if (loader->has_process_record)
        return error_set(loader->error, "%s: at offset %" PRIu64 ": a second process record, expected one at the start",
                         trace_file_path(loader->file), trace_file_offset(loader->file));
    loader->has_process_record = true;
    free(process->executable);
    process->executable = allocate_copy(trace_process_executable(from));
    process->arguments = allocate_zeroed(from->argument_count, sizeof *process->arguments);
    const char *argument = trace_process_arguments(from);
    for (; process->argument_count < from->argument_count; argument += strlen(argument) + 1)
        process->arguments[process->argument_count++] = allocate_copy(argument);
    return 0;
}

static int load_module(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_module *from = (const struct trace_module *)record;
    if (check_new_id(loader, ID_MODULE, from->module) != 0)
        return -1;
    struct module_id id = world_add_module(loader->world);
    struct module *module = &loader->world->modules[id.index];
    module->process = loader->process;
    module->path = allocate_copy(trace_module_path(from));
    module->load_bias = from->load_bias;
    module->start = from->start;
    module->end = from->end;
    module->build_id_size = from->build_id_size;
    memcpy(module->build_id, from->build_id, sizeof module->build_id);
    define(loader, ID_MODULE, from->module, id.index);
    return 0;
}

static int load_thread(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_thread *from = (const struct trace_thread *)record;
    uint32_t parent, created_at;
    if (check_new_id(loader, ID_THREAD, from->thread) != 0 || refer(loader, ID_THREAD, from->parent, &parent) != 0 ||
        refer(loader, ID_CONTEXT, from->created_at, &created_at) != 0)
        return -1;
    struct thread_id id = world_add_thread(loader->world);
    struct thread *thread = &loader->world->threads[id.index];
    thread->process = loader->process;
    thread->number = from->thread;
    thread->kernel_id = from->kernel_id;
    memcpy(thread->name, from->name, LOCKORDER_TRACE_NAME_SIZE);
    thread->parent.index = parent;
    thread->created_at.index = created_at;
    thread->flags = from->flags;
    thread->acquisitions = from->acquisitions;
    define(loader, ID_THREAD, from->thread, id.index);
    return 0;
}

static int load_epoch(struct loader *loader, const struct trace_record_header *record)
{
    (void)record; /* where it stands is what counts */
    loader->epoch++;
    return 0;
}

static int load_segment(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_segment *from = (const struct trace_segment *)record;
    uint32_t thread, previous, other;
    if (check_new_id(loader, ID_SEGMENT, from->segment) != 0 || refer(loader, ID_THREAD, from->thread, &thread) != 0 ||
        refer(loader, ID_SEGMENT, from->previous, &previous) != 0 || refer(loader, ID_SEGMENT, from->other, &other) != 0)
        return -1;
    struct segment_id id = world_add_segment(loader->world);
    struct segment *segment = &loader->world->segments[id.index];
    segment->thread.index = thread;
    segment->previous.index = previous;
    segment->other.index = other;
    segment->start = (enum trace_segment_start)from->start;
    segment->epoch = loader->epoch;
    define(loader, ID_SEGMENT, from->segment, id.index);
    return 0;
}

static int load_frames(const struct loader *loader, const struct trace_context *from, struct frame *frames)
{
    const uint64_t *packed = trace_context_frames(from);
    for (uint32_t i = 0; i < from->frame_count; i++) {
        if (refer(loader, ID_MODULE, TRACE_FRAME_MODULE(packed[i]), &frames[i].module.index) != 0)
            return -1;
        frames[i].address = TRACE_FRAME_ADDRESS(packed[i]);
    }
    return 0;
}

static int load_context(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_context *from = (const struct trace_context *)record;
    if (check_new_id(loader, ID_CONTEXT, from->context) != 0)
        return -1;
    struct context_id id = world_add_context(loader->world);
    struct context *context = &loader->world->contexts[id.index];
    context->frames = allocate_zeroed(from->frame_count, sizeof *context->frames);
    context->frame_count = from->frame_count;
    context->flags = from->flags;
    define(loader, ID_CONTEXT, from->context, id.index);
    return load_frames(loader, from, context->frames);
}

static int refer_from_lock(const struct loader *loader, const struct trace_lock *from, struct lock *lock)
{
    if (refer(loader, ID_MODULE, from->module, &lock->module.index) != 0 ||
        refer(loader, ID_CONTEXT, from->initialized_at, &lock->initialized_at.index) != 0 ||
        refer(loader, ID_CONTEXT, from->first_used_at, &lock->first_used_at.index) != 0)
        return -1;
    return refer(loader, ID_THREAD, from->thread, &lock->thread.index);
}

static int load_lock(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_lock *from = (const struct trace_lock *)record;
    if (check_new_id(loader, ID_LOCK, from->lock) != 0)
        return -1;
    struct lock_id id = world_add_lock(loader->world);
    struct lock *lock = &loader->world->locks[id.index];
    lock->process = loader->process;
    lock->number = from->lock;
    lock->kind = (enum trace_lock_kind)from->kind;
    lock->flags = from->flags;
    lock->address = from->address;
    lock->offset = from->offset;
    define(loader, ID_LOCK, from->lock, id.index);
    return refer_from_lock(loader, from, lock);
}

static int load_lock_end(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_lock_end *from = (const struct trace_lock_end *)record;
    uint32_t lock;
    if (refer_to_some(loader, ID_LOCK, from->lock, &lock) != 0)
        return -1;
    loader->world->locks[lock].end_reason = from->reason;
    return 0;
}

static int load_held(const struct loader *loader, const struct trace_dependency *from, struct held_lock *held)
{
    const struct trace_held *held_from = trace_dependency_held(from);
    for (uint32_t i = 0; i < from->held_count; i++) {
        if (refer_to_some(loader, ID_LOCK, held_from[i].lock, &held[i].lock.index) != 0 ||
            refer(loader, ID_CONTEXT, held_from[i].context, &held[i].context.index) != 0)
            return -1;
        held[i].mode = (enum trace_mode)held_from[i].mode;
    }
    return 0;
}

static int load_dependency(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_dependency *from = (const struct trace_dependency *)record;
    uint32_t lock, context;
    if (check_new_id(loader, ID_DEPENDENCY, from->dependency) != 0 || refer_to_some(loader, ID_LOCK, from->lock, &lock) != 0 ||
        refer(loader, ID_CONTEXT, from->context, &context) != 0)
        return -1;
    struct dependency_id id = world_add_dependency(loader->world);
    struct dependency *dependency = &loader->world->dependencies[id.index];
    dependency->process = loader->process;
    dependency->lock.index = lock;
    dependency->context.index = context;
    dependency->mode = (enum trace_mode)from->mode;
    dependency->flags = from->flags;
    dependency->held = allocate_zeroed(from->held_count, sizeof *dependency->held);
    dependency->held_count = from->held_count;
    define(loader, ID_DEPENDENCY, from->dependency, id.index);
    return load_held(loader, from, dependency->held);
}

static int load_witness(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_witness *from = (const struct trace_witness *)record;
    struct pending_witness witness = {.offset = trace_file_offset(loader->file), .segment = from->segment, .count = from->count};
    if (refer_to_some(loader, ID_DEPENDENCY, from->dependency, &witness.dependency) != 0)
        return -1;
    loader->witnesses = allocate_grown(loader->witnesses, loader->witness_count, sizeof *loader->witnesses);
    loader->witnesses[loader->witness_count++] = witness;
    return 0;
}

/* Its last segment is known from the segments as well; the reference is checked all the same. */
static int load_thread_end(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_thread_end *from = (const struct trace_thread_end *)record;
    uint32_t thread, segment;
    if (refer_to_some(loader, ID_THREAD, from->thread, &thread) != 0)
        return -1;
    loader->world->threads[thread].ended = true;
    return refer(loader, ID_SEGMENT, from->last_segment, &segment);
}

static int load_lock_is_signal(struct loader *loader, const struct trace_record_header *record)
{
    uint32_t lock;
    if (refer_to_some(loader, ID_LOCK, ((const struct trace_lock_is_signal *)record)->lock, &lock) != 0)
        return -1;
    loader->world->locks[lock].is_signal = true;
    return 0;
}

static int load_try_fallback(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_try_fallback *from = (const struct trace_try_fallback *)record;
    struct try_fallback *fallback = world_add_try_fallback(loader->world);
    fallback->process = loader->process;
    if (refer_to_some(loader, ID_CONTEXT, from->tried_at, &fallback->tried_at.index) != 0)
        return -1;
    return refer(loader, ID_CONTEXT, from->waits_at, &fallback->waits_at.index);
}

static int load_event_step(const struct loader *loader, const struct trace_event_step *from, struct event_step *step)
{
    if (refer(loader, ID_THREAD, from->thread, &step->thread.index) != 0 ||
        refer(loader, ID_LOCK, from->holds, &step->holds.lock.index) != 0 ||
        refer(loader, ID_CONTEXT, from->holds_context, &step->holds.context.index) != 0 ||
        refer(loader, ID_LOCK, from->wants, &step->wants.lock.index) != 0 ||
        refer(loader, ID_CONTEXT, from->wants_context, &step->wants.context.index) != 0)
        return -1;
    step->holds.mode = (enum trace_mode)from->holds_mode;
    step->wants.mode = (enum trace_mode)from->wants_mode;
    return refer(loader, ID_THREAD, from->other_thread, &step->other_thread.index);
}

static int load_event(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_event *from = (const struct trace_event *)record;
    struct event *event = world_add_event(loader->world);
    event->process = loader->process;
    event->kind = (enum trace_event_kind)from->kind;
    event->detail = from->detail;
    event->steps = allocate_zeroed(from->step_count, sizeof *event->steps);
    event->step_count = from->step_count;
    for (uint32_t i = 0; i < from->step_count; i++) {
        if (load_event_step(loader, &trace_event_steps(from)[i], &event->steps[i]) != 0)
            return -1;
    }
    return 0;
}

static int load_wait(struct loader *loader, const struct trace_record_header *record)
{
    uint32_t thread;
    if (refer_to_some(loader, ID_THREAD, ((const struct trace_wait *)record)->thread, &thread) != 0)
        return -1;
    loader->waits = allocate_grown(loader->waits, loader->wait_count, sizeof *loader->waits);
    loader->waits[loader->wait_count++] = *(const struct trace_wait *)record;
    return 0;
}

/* Who had the lock, and where: see find_later_ids. */
static int load_contention(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_contention *from = (const struct trace_contention *)record;
    struct contention contention = {.waits = from->waits,
                                    .total = from->total,
                                    .longest = from->longest,
                                    .holder = {from->holder},
                                    .held_context = {from->held_context}};
    if (refer_to_some(loader, ID_THREAD, from->thread, &contention.thread.index) != 0 ||
        refer_to_some(loader, ID_LOCK, from->lock, &contention.lock.index) != 0 ||
        refer(loader, ID_CONTEXT, from->context, &contention.context.index) != 0)
        return -1;
    *world_add_contention(loader->world) = contention;
    return 0;
}

static int load_lock_name(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_lock_name *from = (const struct trace_lock_name *)record;
    uint32_t lock;
    if (refer_to_some(loader, ID_LOCK, from->lock, &lock) != 0)
        return -1;
    free(loader->world->locks[lock].name);
    loader->world->locks[lock].name = allocate_copy(trace_lock_name_text(from));
    loader->world->locks[lock].level = from->level;
    return 0;
}

static int load_declared_order(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_declared_order *from = (const struct trace_declared_order *)record;
    struct declared_order *order = world_add_declared_order(loader->world);
    order->process = loader->process;
    order->before = allocate_copy(trace_declared_order_before(from));
    order->after = allocate_copy(trace_declared_order_after(from));
    return refer(loader, ID_CONTEXT, from->context, &order->context.index);
}

static int load_shared_object(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_shared_object *from = (const struct trace_shared_object *)record;
    uint32_t lock;
    if (refer_to_some(loader, ID_LOCK, from->lock, &lock) != 0)
        return -1;
    loader->world->locks[lock].is_shared = true;
    loader->world->locks[lock].object = (struct shared_object){from->device, from->inode, from->offset};
    return 0;
}

static int load_history(struct loader *loader, const struct trace_record_header *record)
{
    const struct trace_history *from = (const struct trace_history *)record;
    struct thread_id thread;
    if (refer_to_some(loader, ID_THREAD, from->thread, &thread.index) != 0)
        return -1;
    struct history_position *position = history_position_of(&loader->histories, from->thread);
    const struct history_slot *slot;
    enum trace_history_call call;
    for (uint32_t unit = 0; (slot = history_units_next(from, &unit, position, &call)) != NULL;)
        *world_add_history_call(loader->world) = (struct history_call){.object = slot->object,
                                                                       .number = position->number,
                                                                       .thread = thread,
                                                                       .context = {slot->context},
                                                                       .call = (uint8_t)call,
                                                                       .lock_kind = slot->lock_kind,
                                                                       .mode = slot->mode};
    return 0;
}

static int (*const load_functions[])(struct loader *, const struct trace_record_header *) = {
    [TRACE_RECORD_PROCESS] = load_process,
    [TRACE_RECORD_MODULE] = load_module,
    [TRACE_RECORD_THREAD] = load_thread,
    [TRACE_RECORD_SEGMENT] = load_segment,
    [TRACE_RECORD_CONTEXT] = load_context,
    [TRACE_RECORD_LOCK] = load_lock,
    [TRACE_RECORD_LOCK_END] = load_lock_end,
    [TRACE_RECORD_DEPENDENCY] = load_dependency,
    [TRACE_RECORD_WITNESS] = load_witness,
    [TRACE_RECORD_THREAD_END] = load_thread_end,
    [TRACE_RECORD_LOCK_IS_SIGNAL] = load_lock_is_signal,
    [TRACE_RECORD_TRY_FALLBACK] = load_try_fallback,
    [TRACE_RECORD_EVENT] = load_event,
    [TRACE_RECORD_WAIT] = load_wait,
    [TRACE_RECORD_LOCK_NAME] = load_lock_name,
    [TRACE_RECORD_DECLARED_ORDER] = load_declared_order,
    [TRACE_RECORD_SHARED_OBJECT] = load_shared_object,
    [TRACE_RECORD_EPOCH] = load_epoch,
    [TRACE_RECORD_HISTORY] = load_history,
    [TRACE_RECORD_CONTENTION] = load_contention,
};

/* --- One process --- */

/* Whether all segments that witnesses name must be in the file. */
static bool is_complete(const struct loader *loader)
{
    bool truncated = trace_file_is_truncated(loader->file) || (loader->image.flags & TRACE_PROCESS_TRUNCATED) != 0;
    return loader->image.state == TRACE_STATE_CLOSED && !truncated;
}

static int add_witness(struct loader *loader, const struct pending_witness *pending)
{
    uint32_t segment = find_id(loader, ID_SEGMENT, pending->segment);
    if (segment == 0 && pending->segment != 0 && is_complete(loader))
        return unknown_id(loader, pending->offset, ID_SEGMENT, pending->segment);
    struct dependency *dependency = &loader->world->dependencies[pending->dependency];
    dependency->witnesses = allocate_grown(dependency->witnesses, dependency->witness_count, sizeof *dependency->witnesses);
    dependency->witnesses[dependency->witness_count++] = (struct witness){.segment = {segment}, .count = pending->count};
    return 0;
}

static int add_witnesses(struct loader *loader)
{
    for (size_t i = 0; i < loader->witness_count; i++) {
        if (add_witness(loader, &loader->witnesses[i]) != 0)
            return -1;
    }
    return 0;
}

/* What ids name, or none: a wait is written over while it is read. */
static void add_waits(struct loader *loader)
{
    for (size_t i = 0; i < loader->wait_count; i++) {
        const struct trace_wait *from = &loader->waits[i];
        struct wait *wait = world_add_wait(loader->world);
        wait->thread.index = find_id(loader, ID_THREAD, from->thread);
        wait->kind = (enum trace_wait_kind)from->kind;
        wait->flags = from->flags;
        wait->since = from->since;
        wait->address = from->address;
        if (from->kind == TRACE_WAIT_LOCK || from->kind == TRACE_WAIT_SEMAPHORE)
            wait->lock.index = find_id(loader, ID_LOCK, from->object);
        if (from->kind == TRACE_WAIT_JOIN)
            wait->joined.index = find_id(loader, ID_THREAD, from->object);
        wait->context.index = find_id(loader, ID_CONTEXT, from->context);
    }
}

static void begin_process(struct loader *loader, const struct trace_image *header)
{
    loader->image = *header;
    loader->has_process_record = false;
    loader->epoch = 0;
    loader->first_call = loader->world->history_count;
    loader->first_contention = loader->world->contention_count;
    loader->process = world_add_process(loader->world);
    struct process *process = &loader->world->processes[loader->process.index];
    process->trace_path = allocate_copy(trace_file_path(loader->file));
    process->executable = allocate_copy("");
    process->kernel_id = header->process;
    process->parent_kernel_id = header->parent;
    process->forked = (header->flags & TRACE_PROCESS_FORKED) != 0;
    process->hooks_ran = header->hooks_ran != 0;
    process->state = (enum trace_state)header->state;
    process->acquisitions = header->acquisitions;
    process->deadlocks = header->deadlocks;
    memcpy(process->limits, header->limits, sizeof process->limits);
}

/* What is changed in place may refer to what came later. */
static void find_later_ids(struct loader *loader)
{
    for (uint32_t i = loader->first_call; i < loader->world->history_count; i++)
        loader->world->history[i].context.index = find_id(loader, ID_CONTEXT, loader->world->history[i].context.index);
    for (uint32_t i = loader->first_contention; i < loader->world->contention_count; i++) {
        struct contention *contention = &loader->world->contentions[i];
        contention->holder.index = find_id(loader, ID_THREAD, contention->holder.index);
        contention->held_context.index = find_id(loader, ID_CONTEXT, contention->held_context.index);
    }
}

static void forget_ids(struct loader *loader)
{
    for (int kind = 0; kind < ID_KIND_COUNT; kind++)
        id_table_clear(&loader->ids[kind]);
}

/* What can be known only when all of a process has been read. */
static int end_process(struct loader *loader)
{
    bool truncated = trace_file_is_truncated(loader->file) || (loader->image.flags & TRACE_PROCESS_TRUNCATED) != 0;
    loader->world->processes[loader->process.index].truncated = truncated;
    int result = add_witnesses(loader);
    add_waits(loader);
    find_later_ids(loader);
    history_positions_clear(&loader->histories);
    forget_ids(loader);
    loader->witness_count = loader->wait_count = 0;
    return result;
}

static void free_loader(struct loader *loader)
{
    forget_ids(loader);
    history_positions_clear(&loader->histories);
    free(loader->witnesses);
    free(loader->waits);
    trace_file_close(loader->file);
}

/* --- The whole file --- */

static int load_image(struct loader *loader, const struct trace_record_header *record)
{
    if (!trace_file_is_merged(loader->file))
        return error_set(loader->error, "%s: at offset %" PRIu64 ": an image, expected none in a trace that is not merged",
                         trace_file_path(loader->file), trace_file_offset(loader->file));
    if (loader->process.index != 0 && end_process(loader) != 0)
        return -1;
    begin_process(loader, (const struct trace_image *)record);
    return 0;
}

static int load_record(struct loader *loader, const struct trace_record_header *record)
{
    bool known = record->type < sizeof load_functions / sizeof load_functions[0] && load_functions[record->type] != NULL;
    if (record->type == TRACE_RECORD_IMAGE)
        return load_image(loader, record);
    if (loader->process.index == 0)
        return error_set(loader->error, "%s: at offset %" PRIu64 ": a record of type %u, expected an image first",
                         trace_file_path(loader->file), trace_file_offset(loader->file), record->type);
    return known ? load_functions[record->type](loader, record) : 0;
}

static int load_records(struct loader *loader)
{
    const struct trace_record_header *record;
    int result;
    while ((result = trace_file_next(loader->file, &record, loader->error)) == 1) {
        if (load_record(loader, record) != 0)
            return -1;
    }
    return result;
}

int trace_load(struct world *world, const char *path, struct error *error)
{
    struct loader loader = {.world = world, .error = error, .file = trace_file_open(path, error)};
    if (loader.file == NULL)
        return -1;
    struct world earlier = *world;
    struct trace_image image = trace_file_image(loader.file);
    if (!trace_file_is_merged(loader.file))
        begin_process(&loader, &image);
    int result = load_records(&loader);
    if (result == 0 && loader.process.index != 0)
        result = end_process(&loader);
    world->across_builds |= (trace_file_header(loader.file)->flags & TRACE_FILE_ACROSS_BUILDS) != 0;
    if (result != 0)
        world_restore(world, &earlier);
    free_loader(&loader);
    return result;
}
