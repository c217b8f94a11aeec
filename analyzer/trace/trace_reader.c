#include "trace_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocate.h"
#include "history_units.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "traces are little-endian and read without conversion");

/* A part of the file, read ahead. Its start is a multiple of 8 in the file as in memory, so records are aligned. */
enum { WINDOW_SIZE = 4 * LOCKORDER_TRACE_MAX_RECORD };

struct trace_file {
    char *path;
    int descriptor;
    struct trace_header header;
    uint64_t end;          /* no record reaches beyond: the smaller of `committed` and the file's size */
    uint64_t next;         /* offset of the next record */
    uint64_t offset;       /* of the last record */
    uint64_t window_start; /* offset of window[0] */
    size_t window_filled;
    size_t window_size;
    uint64_t *window;
    bool truncated;
    bool broken;
    struct error broken_error;
};

/* Reads `size` bytes at `offset`, fewer at the end of the file. Returns -1 with errno set. */
static ssize_t read_at(int descriptor, void *bytes, size_t size, uint64_t offset)
{
    size_t done = 0;
    while (done < size) {
        ssize_t count = pread(descriptor, (char *)bytes + done, size - done, (off_t)(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        done += (size_t)count;
    }
    return (ssize_t)done;
}

/* --- Opening --- */

/* O_NONBLOCK, so that a named pipe is refused instead of waited for. */
static int open_regular_file(const char *path, uint64_t *size, struct error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return error_set(error, "%s: cannot be opened: %s", path, strerror(errno));
    struct stat status;
    int result = 0;
    if (fstat(descriptor, &status) != 0)
        result = error_set(error, "%s: cannot be examined: %s", path, strerror(errno));
    else if (S_ISDIR(status.st_mode))
        result = error_set(error, "%s: is a folder, expected a trace file", path);
    else if (!S_ISREG(status.st_mode))
        result = error_set(error, "%s: is not a regular file, expected a trace file", path);
    if (result != 0) {
        close(descriptor);
        return -1;
    }
    *size = (uint64_t)status.st_size;
    return descriptor;
}

static int read_header(struct trace_file *file, uint64_t size, struct error *error)
{
    if (size == 0)
        return error_set(error, "%s: is empty, expected a lockorder trace", file->path);
    ssize_t count = read_at(file->descriptor, &file->header, sizeof file->header, 0);
    if (count < 0)
        return error_set(error, "%s: cannot be read: %s", file->path, strerror(errno));
    if (count < LOCKORDER_TRACE_MAGIC_SIZE || memcmp(file->header.magic, LOCKORDER_TRACE_MAGIC, LOCKORDER_TRACE_MAGIC_SIZE) != 0)
        return error_set(error, "%s: is not a lockorder trace: it does not start with \"LOCKORD\"", file->path);
    if ((size_t)count < sizeof file->header)
        return error_set(error, "%s: has %zd bytes, a trace starts with a header of %zu", file->path, count, sizeof file->header);
    return 0;
}

static int check_header(const struct trace_file *file, struct error *error)
{
    const struct trace_header *header = &file->header;
    if (header->version != LOCKORDER_TRACE_VERSION)
        return error_set(error, "%s: is a trace of version %" PRIu32 ", this lockorder reads version %d", file->path,
                         header->version, LOCKORDER_TRACE_VERSION);
    if (header->header_size != sizeof *header)
        return error_set(error, "%s: has a header of %" PRIu32 " bytes, expected %zu", file->path, header->header_size,
                         sizeof *header);
    if (header->committed < sizeof *header)
        return error_set(error, "%s: says that %" PRIu64 " bytes are complete, expected at least its header's %zu", file->path,
                         header->committed, sizeof *header);
    return 0;
}

struct trace_file *trace_file_open(const char *path, struct error *error)
{
    uint64_t size = 0;
    int descriptor = open_regular_file(path, &size, error);
    if (descriptor < 0)
        return NULL;
    struct trace_file *file = allocate_zeroed(1, sizeof *file);
    file->path = allocate_copy(path);
    file->descriptor = descriptor;
    if (read_header(file, size, error) != 0 || check_header(file, error) != 0) {
        trace_file_close(file);
        return NULL;
    }
    if (size < sizeof file->header) /* it has grown since: the header was read */
        size = sizeof file->header;
    file->truncated = file->header.committed > size;
    file->end = file->truncated ? size : file->header.committed;
    file->next = file->offset = file->window_start = sizeof file->header;
    uint64_t records_size = file->end - file->next;
    file->window_size = records_size < WINDOW_SIZE ? (size_t)records_size : WINDOW_SIZE;
    file->window = allocate_zeroed(file->window_size, 1);
    return file;
}

void trace_file_close(struct trace_file *file)
{
    if (file == NULL)
        return;
    close(file->descriptor);
    free(file->window);
    free(file->path);
    free(file);
}

const char *trace_file_path(const struct trace_file *file)
{
    return file->path;
}

const struct trace_header *trace_file_header(const struct trace_file *file)
{
    return &file->header;
}

bool trace_file_is_truncated(const struct trace_file *file)
{
    return file->truncated;
}

uint64_t trace_file_offset(const struct trace_file *file)
{
    return file->offset;
}

int trace_file_continue_at(struct trace_file *file, uint64_t offset, struct error *error)
{
    if (offset < sizeof file->header || offset > file->end || offset % 8 != 0)
        return error_set(error, "%s: no record can be at offset %" PRIu64 ", expected a multiple of 8 from %zu to %" PRIu64,
                         file->path, offset, sizeof file->header, file->end);
    bool is_read_ahead = offset >= file->window_start && offset <= file->window_start + file->window_filled;
    if (!is_read_ahead) {
        file->window_start = offset;
        file->window_filled = 0;
    }
    file->next = file->offset = offset;
    return 0;
}

struct trace_image trace_file_image(const struct trace_file *file)
{
    const struct trace_header *header = &file->header;
    struct trace_image image = {.header = {sizeof image, TRACE_RECORD_IMAGE, 0},
                                .process = header->process,
                                .parent = header->parent,
                                .started_at = header->started_at,
                                .state = header->state,
                                .flags = header->flags & TRACE_PROCESS_FORKED,
                                .hooks_ran = header->hooks_ran != 0,
                                .deadlocks = header->deadlocks,
                                .acquisitions = header->acquisitions};
    memcpy(image.limits, header->limits, sizeof image.limits);
    return image;
}

bool trace_file_is_merged(const struct trace_file *file)
{
    return (file->header.flags & TRACE_FILE_MERGED) != 0;
}

/* --- What a record of each type must fulfil --- */

/* The record at hand. */
struct checked {
    const struct trace_file *file;
    const struct trace_record_header *header;
    struct error *error;
};

static const char *name_of(const struct checked *record)
{
    const char *name = trace_record_name(record->header->type);
    return name == NULL ? "unknown" : name;
}

/* `fixed` bytes and then `count` parts of `part_size` bytes must fit into the record. */
static int check_parts(const struct checked *record, uint64_t fixed, uint64_t count, uint64_t part_size, const char *parts)
{
    if (fixed + count * part_size <= record->header->size)
        return 0;
    return error_set(
        record->error,
        "%s: at offset %" PRIu64 ": the %s record has %" PRIu32 " bytes and announces %" PRIu64 " %s, expected %" PRIu64 " bytes",
        record->file->path, record->file->offset, name_of(record), record->header->size, count, parts, fixed + count * part_size);
}

static int check_count(const struct checked *record, uint64_t count, uint64_t smallest, uint64_t largest, const char *parts)
{
    if (count >= smallest && count <= largest)
        return 0;
    return error_set(record->error,
                     "%s: at offset %" PRIu64 ": the %s record announces %" PRIu64 " %s, expected %" PRIu64 " to %" PRIu64,
                     record->file->path, record->file->offset, name_of(record), count, parts, smallest, largest);
}

static uint32_t count_nuls(const char *bytes, uint32_t size)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < size; i++)
        count += bytes[i] == '\0';
    return count;
}

/* `size` bytes must be `count` strings, each ended by NUL. */
static int check_strings(const struct checked *record, const char *bytes, uint32_t size, uint32_t count, const char *what)
{
    bool ended = size == 0 || bytes[size - 1] == '\0';
    if (ended && count_nuls(bytes, size) == count)
        return 0;
    return error_set(record->error,
                     "%s: at offset %" PRIu64 ": the %s of the %s record are %" PRIu32 " strings%s, expected %" PRIu32
                     ", each ended by NUL",
                     record->file->path, record->file->offset, what, name_of(record), count_nuls(bytes, size),
                     ended ? "" : " and an unended one", count);
}

static int check_process(const struct checked *record)
{
    const struct trace_process *process = (const struct trace_process *)record->header;
    uint64_t bytes = (uint64_t)process->executable_length + process->arguments_length;
    if (check_parts(record, sizeof *process, bytes, 1, "bytes of text") != 0)
        return -1;
    if (check_strings(record, (const char *)(process + 1), process->executable_length, process->executable_length != 0,
                      "executable's path") != 0)
        return -1;
    return check_strings(record, trace_process_arguments(process), process->arguments_length, process->argument_count,
                         "arguments");
}

static int check_module(const struct checked *record)
{
    const struct trace_module *module = (const struct trace_module *)record->header;
    if (check_count(record, module->build_id_size, 0, LOCKORDER_TRACE_BUILD_ID_SIZE, "bytes of build-id") != 0 ||
        check_parts(record, sizeof *module, module->path_length, 1, "bytes of path") != 0)
        return -1;
    return check_strings(record, (const char *)(module + 1), module->path_length, module->path_length != 0, "path");
}

static int check_context(const struct checked *record)
{
    const struct trace_context *context = (const struct trace_context *)record->header;
    if (check_count(record, context->frame_count, 0, LOCKORDER_TRACE_MAX_FRAMES, "frames") != 0)
        return -1;
    return check_parts(record, sizeof *context, context->frame_count, sizeof(uint64_t), "frames");
}

static int check_dependency(const struct checked *record)
{
    const struct trace_dependency *dependency = (const struct trace_dependency *)record->header;
    if (check_count(record, dependency->held_count, 0, LOCKORDER_TRACE_MAX_HELD, "held locks") != 0)
        return -1;
    return check_parts(record, sizeof *dependency, dependency->held_count, sizeof(struct trace_held), "held locks");
}

static int check_event(const struct checked *record)
{
    const struct trace_event *event = (const struct trace_event *)record->header;
    if (check_count(record, event->step_count, 1, LOCKORDER_TRACE_MAX_HELD, "steps") != 0)
        return -1;
    return check_parts(record, sizeof *event, event->step_count, sizeof(struct trace_event_step), "steps");
}

static int check_lock_name(const struct checked *record)
{
    const struct trace_lock_name *name = (const struct trace_lock_name *)record->header;
    if (check_parts(record, sizeof *name, name->name_length, 1, "bytes of name") != 0)
        return -1;
    return check_strings(record, (const char *)(name + 1), name->name_length, name->name_length != 0, "name");
}

static int check_declared_order(const struct checked *record)
{
    const struct trace_declared_order *order = (const struct trace_declared_order *)record->header;
    uint64_t bytes = (uint64_t)order->before_length + order->after_length;
    const char *names = (const char *)(order + 1);
    if (check_parts(record, sizeof *order, bytes, 1, "bytes of names") != 0 ||
        check_strings(record, names, order->before_length, order->before_length != 0, "first name") != 0)
        return -1;
    return check_strings(record, names + order->before_length, order->after_length, order->after_length != 0, "second name");
}

static int check_history(const struct checked *record)
{
    const struct trace_history *history = (const struct trace_history *)record->header;
    uint32_t unit;
    if (check_parts(record, sizeof *history, history->unit_count, sizeof(uint16_t), "units") != 0)
        return -1;
    if (history_units_are_whole(history, &unit))
        return 0;
    return error_set(record->error,
                     "%s: at offset %" PRIu64 ": unit %" PRIu32
                     " of the history record is 0x%x, expected a call with all its units",
                     record->file->path, record->file->offset, unit, trace_history_units(history)[unit]);
}

static int check_nothing_more(const struct checked *record)
{
    (void)record;
    return 0;
}

static const struct record_type {
    const char *name;
    uint32_t fixed_size;
    int (*check)(const struct checked *record);
} types[] = {
    [TRACE_RECORD_PROCESS] = {"process", sizeof(struct trace_process), check_process},
    [TRACE_RECORD_MODULE] = {"module", sizeof(struct trace_module), check_module},
    [TRACE_RECORD_THREAD] = {"thread", sizeof(struct trace_thread), check_nothing_more},
    [TRACE_RECORD_SEGMENT] = {"segment", sizeof(struct trace_segment), check_nothing_more},
    [TRACE_RECORD_CONTEXT] = {"context", sizeof(struct trace_context), check_context},
    [TRACE_RECORD_LOCK] = {"lock", sizeof(struct trace_lock), check_nothing_more},
    [TRACE_RECORD_LOCK_END] = {"lock end", sizeof(struct trace_lock_end), check_nothing_more},
    [TRACE_RECORD_DEPENDENCY] = {"dependency", sizeof(struct trace_dependency), check_dependency},
    [TRACE_RECORD_WITNESS] = {"witness", sizeof(struct trace_witness), check_nothing_more},
    [TRACE_RECORD_THREAD_END] = {"thread end", sizeof(struct trace_thread_end), check_nothing_more},
    [TRACE_RECORD_LOCK_IS_SIGNAL] = {"lock is signal", sizeof(struct trace_lock_is_signal), check_nothing_more},
    [TRACE_RECORD_TRY_FALLBACK] = {"try fallback", sizeof(struct trace_try_fallback), check_nothing_more},
    [TRACE_RECORD_EVENT] = {"event", sizeof(struct trace_event), check_event},
    [TRACE_RECORD_WAIT] = {"wait", sizeof(struct trace_wait), check_nothing_more},
    [TRACE_RECORD_LOCK_NAME] = {"lock name", sizeof(struct trace_lock_name), check_lock_name},
    [TRACE_RECORD_DECLARED_ORDER] = {"declared order", sizeof(struct trace_declared_order), check_declared_order},
    [TRACE_RECORD_SHARED_OBJECT] = {"shared object", sizeof(struct trace_shared_object), check_nothing_more},
    [TRACE_RECORD_EPOCH] = {"epoch", sizeof(struct trace_epoch), check_nothing_more},
    [TRACE_RECORD_HISTORY] = {"history", sizeof(struct trace_history), check_history},
    [TRACE_RECORD_CONTENTION] = {"contention", sizeof(struct trace_contention), check_nothing_more},
    [TRACE_RECORD_IMAGE] = {"image", sizeof(struct trace_image), check_nothing_more},
};

static const struct record_type *type_of(uint16_t type)
{
    bool known = type < sizeof types / sizeof types[0] && types[type].name != NULL;
    return known ? &types[type] : NULL;
}

const char *trace_record_name(uint16_t type)
{
    return type_of(type) == NULL ? NULL : type_of(type)->name;
}

static int check_record(const struct checked *record)
{
    const struct record_type *type = type_of(record->header->type);
    if (type == NULL)
        return 0;
    if (record->header->size < type->fixed_size)
        return error_set(record->error, "%s: at offset %" PRIu64 ": a %s record of %" PRIu32 " bytes, expected at least %" PRIu32,
                         record->file->path, record->file->offset, type->name, record->header->size, type->fixed_size);
    return type->check(record);
}

/* --- Record after record --- */

/* Makes `size` bytes at file->next readable in the window. Returns 1, 0 where the file ends before them (it shrank since it was
 * opened), or -1 with the error set. */
static int fill_window(struct trace_file *file, uint64_t size, struct error *error)
{
    if (file->next + size <= file->window_start + file->window_filled)
        return 1;
    uint64_t left = file->end - file->next;
    size_t wanted = left < file->window_size ? (size_t)left : file->window_size;
    ssize_t count = read_at(file->descriptor, file->window, wanted, file->next);
    if (count < 0)
        return error_set(error, "%s: cannot be read at offset %" PRIu64 ": %s", file->path, file->next, strerror(errno));
    file->window_start = file->next;
    file->window_filled = (size_t)count;
    return (uint64_t)count >= size;
}

static const struct trace_record_header *record_at_next(const struct trace_file *file)
{
    return (const struct trace_record_header *)(const void *)((const char *)file->window + (file->next - file->window_start));
}

static int check_size(const struct trace_file *file, uint32_t size, struct error *error)
{
    if (size >= sizeof(struct trace_record_header) && size % 8 == 0 && size <= LOCKORDER_TRACE_MAX_RECORD)
        return 0;
    return error_set(error, "%s: at offset %" PRIu64 ": a record of %" PRIu32 " bytes, expected a multiple of 8 from %zu to %d",
                     file->path, file->offset, size, sizeof(struct trace_record_header), LOCKORDER_TRACE_MAX_RECORD);
}

/* The file ends inside a record: that is the end of a truncated file, and corruption of any other. */
static int end_inside_record(struct trace_file *file, uint64_t size, struct error *error)
{
    if (file->truncated)
        return 0;
    return error_set(error, "%s: at offset %" PRIu64 ": a record of %" PRIu64 " bytes, but only %" PRIu64 " are complete",
                     file->path, file->offset, size, file->end - file->offset);
}

/* Puts a record of at least `size` bytes in the window: as fill_window, and 0 also where the trace ends. */
static int bring_in(struct trace_file *file, uint64_t size, struct error *error)
{
    if (size > file->end - file->next)
        return end_inside_record(file, size, error);
    int result = fill_window(file, size, error);
    file->truncated |= result == 0;
    return result;
}

static int read_record(struct trace_file *file, const struct trace_record_header **record, struct error *error)
{
    file->offset = file->next;
    if (file->next == file->end)
        return 0;
    int result = bring_in(file, sizeof **record, error);
    if (result != 1)
        return result;
    uint32_t size = record_at_next(file)->size;
    if (check_size(file, size, error) != 0)
        return -1;
    result = bring_in(file, size, error);
    if (result != 1)
        return result;
    *record = record_at_next(file);
    file->next += size;
    return check_record(&(struct checked){file, *record, error}) == 0 ? 1 : -1;
}

int trace_file_next(struct trace_file *file, const struct trace_record_header **record, struct error *error)
{
    if (!file->broken) {
        int result = read_record(file, record, error);
        if (result >= 0)
            return result;
        file->broken = true;
        file->broken_error = *error;
    }
    *error = file->broken_error;
    return -1;
}
