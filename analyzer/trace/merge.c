#include "merge.h"

#include <errno.h>

#include "allocate.h"
#include "load.h"
#include "trace_reader.h"

/* What differs between two runs that did the same, taken out of the records: for each kind, the values in the order of the
 * records. */
enum attribute_kind {
    ATTRIBUTE_IDENTITY, /* all of one process: those of the one that comes first are kept, together */
    ATTRIBUTE_COUNT,    /* the larger one is kept */
    ATTRIBUTE_KIND_COUNT
};

struct values {
    uint64_t *items;
    size_t count;
};

/* One process: its image and records. */
struct section {
    char *bytes; /* without attributes; aligned for records */
    size_t size;
    struct values values[ATTRIBUTE_KIND_COUNT];
};

struct merge {
    struct section *sections;
    size_t count;
    bool across_builds;
};

struct merge *merge_new(void)
{
    return allocate_zeroed(1, sizeof(struct merge));
}

static void clear_section(struct section *section)
{
    free(section->bytes);
    for (int kind = 0; kind < ATTRIBUTE_KIND_COUNT; kind++)
        free(section->values[kind].items);
}

void merge_free(struct merge *merge)
{
    for (size_t i = 0; i < merge->count; i++)
        clear_section(&merge->sections[i]);
    free(merge->sections);
    free(merge);
}

void merge_across_builds(struct merge *merge)
{
    merge->across_builds = true;
}

/* --- Attributes of records --- */

/* Takes the field's value, or gives it one. */
typedef void visit_field(void *closure, enum attribute_kind kind, void *field, size_t size);

static void visit_image(struct trace_image *image, visit_field *visit, void *closure)
{
    visit(closure, ATTRIBUTE_IDENTITY, &image->process, sizeof image->process);
    visit(closure, ATTRIBUTE_IDENTITY, &image->parent, sizeof image->parent);
    visit(closure, ATTRIBUTE_IDENTITY, &image->started_at, sizeof image->started_at);
    visit(closure, ATTRIBUTE_COUNT, &image->acquisitions, sizeof image->acquisitions);
    for (int limit = 0; limit < TRACE_LIMIT_COUNT; limit++)
        visit(closure, ATTRIBUTE_COUNT, &image->limits[limit], sizeof image->limits[limit]);
}

static void visit_module(struct trace_module *module, visit_field *visit, void *closure)
{
    visit(closure, ATTRIBUTE_IDENTITY, &module->load_bias, sizeof module->load_bias);
    visit(closure, ATTRIBUTE_IDENTITY, &module->start, sizeof module->start);
    visit(closure, ATTRIBUTE_IDENTITY, &module->end, sizeof module->end);
}

static void visit_record(struct trace_record_header *record, visit_field *visit, void *closure)
{
    switch (record->type) {
    case TRACE_RECORD_IMAGE:
        visit_image((struct trace_image *)record, visit, closure);
        break;
    case TRACE_RECORD_MODULE:
        visit_module((struct trace_module *)record, visit, closure);
        break;
    case TRACE_RECORD_THREAD:
        visit(closure, ATTRIBUTE_IDENTITY, &((struct trace_thread *)record)->kernel_id, sizeof(uint32_t));
        visit(closure, ATTRIBUTE_COUNT, &((struct trace_thread *)record)->acquisitions, sizeof(uint64_t));
        break;
    case TRACE_RECORD_LOCK:
        visit(closure, ATTRIBUTE_IDENTITY, &((struct trace_lock *)record)->address, sizeof(uint64_t));
        break;
    case TRACE_RECORD_WITNESS:
        visit(closure, ATTRIBUTE_COUNT, &((struct trace_witness *)record)->count, sizeof(uint64_t));
        break;
    default:
        break;
    }
}

static struct trace_record_header *record_at(const struct section *section, size_t offset)
{
    return (struct trace_record_header *)(void *)(section->bytes + offset);
}

static void visit_section(struct section *section, visit_field *visit, void *closure)
{
    for (size_t offset = 0; offset < section->size; offset += record_at(section, offset)->size)
        visit_record(record_at(section, offset), visit, closure);
}

static void take_field(void *closure, enum attribute_kind kind, void *field, size_t size)
{
    struct values *values = &((struct section *)closure)->values[kind];
    values->items = allocate_grown(values->items, values->count, sizeof *values->items);
    values->items[values->count] = 0;
    memcpy(&values->items[values->count++], field, size); /* little-endian */
    memset(field, 0, size);
}

struct giver {
    const struct section *section;
    size_t next[ATTRIBUTE_KIND_COUNT];
};

static void give_field(void *closure, enum attribute_kind kind, void *field, size_t size)
{
    struct giver *giver = closure;
    memcpy(field, &giver->section->values[kind].items[giver->next[kind]++], size);
}

/* --- The order of addresses --- */

static int compare_numbers(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Which of two locks lies further up matters to the verdict, so it has to stay when addresses are taken out: as the address's
 * place among all of the process. */
static void rank_locks(struct section *section)
{
    uint64_t *addresses = NULL;
    size_t count = 0, kept = 0;
    for (size_t offset = 0; offset < section->size; offset += record_at(section, offset)->size) {
        if (record_at(section, offset)->type != TRACE_RECORD_LOCK)
            continue;
        addresses = allocate_grown(addresses, count, sizeof *addresses);
        addresses[count++] = ((struct trace_lock *)record_at(section, offset))->address;
    }
    if (count != 0)
        qsort(addresses, count, sizeof *addresses, compare_numbers);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || addresses[kept - 1] != addresses[i])
            addresses[kept++] = addresses[i];
    }
    for (size_t offset = 0; offset < section->size; offset += record_at(section, offset)->size) {
        struct trace_lock *lock = (struct trace_lock *)record_at(section, offset);
        if (lock->header.type == TRACE_RECORD_LOCK)
            lock->reserved =
                (uint32_t)((uint64_t *)bsearch(&lock->address, addresses, kept, sizeof *addresses, compare_numbers) - addresses);
    }
    free(addresses);
}

static void forget_ranks(struct section *section)
{
    for (size_t offset = 0; offset < section->size; offset += record_at(section, offset)->size) {
        if (record_at(section, offset)->type == TRACE_RECORD_LOCK)
            ((struct trace_lock *)record_at(section, offset))->reserved = 0;
    }
}

/* --- Reading --- */

static void append(struct section *section, size_t *room, const struct trace_record_header *record)
{
    if (section->size + record->size > *room) {
        *room = 2 * (section->size + record->size);
        section->bytes = allocate_checked(realloc(section->bytes, *room));
    }
    memcpy(section->bytes + section->size, record, record->size);
    section->size += record->size;
}

/* What a thread waited for last is of no use once it waits no more; whether, and how long, it had to wait is the schedule's
 * accident. */
static bool is_left_out(const struct trace_record_header *record)
{
    return record->type == TRACE_RECORD_CONTENTION ||
           (record->type == TRACE_RECORD_WAIT && ((const struct trace_wait *)record)->since == 0);
}

static void end_section(struct merge *merge, struct section *section)
{
    if (section->size == 0)
        return;
    rank_locks(section);
    visit_section(section, take_field, section);
    merge->sections = allocate_grown(merge->sections, merge->count, sizeof *merge->sections);
    merge->sections[merge->count++] = *section;
    *section = (struct section){0};
}

static int add_records(struct merge *merge, struct trace_file *file, struct error *error)
{
    const struct trace_record_header *record;
    struct section section = {0};
    struct trace_image image = trace_file_image(file);
    size_t room = 0;
    int result;
    if (!trace_file_is_merged(file))
        append(&section, &room, &image.header);
    while ((result = trace_file_next(file, &record, error)) == 1) {
        if (record->type == TRACE_RECORD_IMAGE) {
            end_section(merge, &section);
            room = 0;
        }
        if (!is_left_out(record))
            append(&section, &room, record);
    }
    if (trace_file_is_truncated(file) && section.size != 0)
        ((struct trace_image *)record_at(&section, 0))->flags |= TRACE_PROCESS_TRUNCATED;
    end_section(merge, &section);
    return result;
}

/* What cannot be loaded must not get into a merged trace, which would then be of no use to anybody. */
static int check(const char *path, struct error *error)
{
    struct world *world = world_new();
    int result = trace_load(world, path, error);
    world_free(world);
    return result;
}

int merge_add(struct merge *merge, const char *path, struct error *error)
{
    if (check(path, error) != 0)
        return -1;
    struct trace_file *file = trace_file_open(path, error);
    if (file == NULL)
        return -1;
    merge->across_builds |= (trace_file_header(file)->flags & TRACE_FILE_ACROSS_BUILDS) != 0;
    int result = add_records(merge, file, error);
    trace_file_close(file);
    return result;
}

/* --- Joining --- */

static int compare_sections(const void *left, const void *right)
{
    const struct section *a = left, *b = right;
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    return memcmp(a->bytes, b->bytes, a->size);
}

static int compare_values(const struct values *left, const struct values *right)
{
    for (size_t i = 0; i < left->count; i++) {
        if (left->items[i] != right->items[i])
            return left->items[i] < right->items[i] ? -1 : 1;
    }
    return 0;
}

/* Equal sections have as many values of each kind. */
static void join(struct section *into, struct section *from)
{
    struct values *identity = &into->values[ATTRIBUTE_IDENTITY], *counts = &into->values[ATTRIBUTE_COUNT];
    if (compare_values(&from->values[ATTRIBUTE_IDENTITY], identity) < 0) {
        struct values larger = *identity;
        *identity = from->values[ATTRIBUTE_IDENTITY];
        from->values[ATTRIBUTE_IDENTITY] = larger;
    }
    for (size_t i = 0; i < counts->count; i++) {
        if (counts->items[i] < from->values[ATTRIBUTE_COUNT].items[i])
            counts->items[i] = from->values[ATTRIBUTE_COUNT].items[i];
    }
    clear_section(from);
}

static void join_equal(struct merge *merge)
{
    size_t kept = 0;
    if (merge->count != 0)
        qsort(merge->sections, merge->count, sizeof *merge->sections, compare_sections);
    for (size_t i = 0; i < merge->count; i++) {
        if (kept != 0 && compare_sections(&merge->sections[kept - 1], &merge->sections[i]) == 0)
            join(&merge->sections[kept - 1], &merge->sections[i]);
        else
            merge->sections[kept++] = merge->sections[i];
    }
    merge->count = kept;
}

/* --- Writing --- */

static void restore(struct section *section)
{
    visit_section(section, give_field, &(struct giver){.section = section});
    forget_ranks(section);
}

static struct trace_header header_of(const struct merge *merge)
{
    struct trace_header header = {.magic = LOCKORDER_TRACE_MAGIC,
                                  .version = LOCKORDER_TRACE_VERSION,
                                  .header_size = sizeof header,
                                  .committed = sizeof header,
                                  .state = TRACE_STATE_CLOSED,
                                  .flags = TRACE_FILE_MERGED | (merge->across_builds ? TRACE_FILE_ACROSS_BUILDS : 0)};
    for (size_t i = 0; i < merge->count; i++) {
        const struct trace_image *image = (const struct trace_image *)record_at(&merge->sections[i], 0);
        header.committed += merge->sections[i].size;
        header.hooks_ran |= image->hooks_ran;
        header.deadlocks += image->deadlocks;
        header.acquisitions += image->acquisitions;
        for (int limit = 0; limit < TRACE_LIMIT_COUNT; limit++)
            header.limits[limit] += image->limits[limit];
    }
    return header;
}

int merge_write(struct merge *merge, FILE *stream, struct error *error)
{
    join_equal(merge);
    for (size_t i = 0; i < merge->count; i++)
        restore(&merge->sections[i]);
    struct trace_header header = header_of(merge);
    bool written = fwrite(&header, sizeof header, 1, stream) == 1;
    for (size_t i = 0; i < merge->count && written; i++)
        written = fwrite(merge->sections[i].bytes, merge->sections[i].size, 1, stream) == 1;
    return written ? 0 : error_set(error, "the merged trace cannot be written: %s", strerror(errno));
}
