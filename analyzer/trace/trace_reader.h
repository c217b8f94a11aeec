/* Bytes of a trace file -> records. Every byte is taken as hostile: a size, count or string that does not fit ends the reading
 * with an error that names the file, the offset, what was found and what was expected.
 *
 * What the reader promises of a record: it lies wholly below `committed`; its size is a multiple of 8, large enough for its type
 * and for what its counts announce; its strings end with NUL inside it. What it does not promise: that ids are known, that
 * values of enumerations are, that threads' names are text. Records of an unknown type are given too, with their size checked.
 *
 * A file may grow while it is read: `committed` is read once, when the file is opened. Memory needed is constant, however
 * large the file is or claims to be. */
#ifndef LOCKORDER_ANALYZER_TRACE_TRACE_READER_H
#define LOCKORDER_ANALYZER_TRACE_TRACE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "lockorder/trace_format.h"

struct trace_file;

/* NULL with the error set when the file cannot be read or is no trace of this version. The caller closes it. */
struct trace_file *trace_file_open(const char *path, struct error *error);
void trace_file_close(struct trace_file *file);

/* The path it was opened by. */
const char *trace_file_path(const struct trace_file *file);

/* As it was when the file was opened. */
const struct trace_header *trace_file_header(const struct trace_file *file);

/* Whether it holds images of several processes. */
bool trace_file_is_merged(const struct trace_file *file);

/* What the header says of the process, as a merged trace says it. Whether the file is truncated is not in it. */
struct trace_image trace_file_image(const struct trace_file *file);

/* Whether the file ends before `committed`. Final once trace_file_next has returned 0. The records that are whole are given. */
bool trace_file_is_truncated(const struct trace_file *file);

/* 1 and the next record, valid until the next call; 0 at the end; -1 with the error set where a record is broken, and again
 * on every later call. */
int trace_file_next(struct trace_file *file, const struct trace_record_header **record, struct error *error);

/* Goes on with the record at `offset`: one that trace_file_offset has given, for this file or when it was opened before. Returns
 * -1 with the error set where no record can be. Going forward costs no more than reading what lies in between. */
int trace_file_continue_at(struct trace_file *file, uint64_t offset, struct error *error);

/* Where the last record lies in the file; once trace_file_next has returned 0, where the next one will. */
uint64_t trace_file_offset(const struct trace_file *file);

/* "dependency"; NULL for a type that this version does not know. */
const char *trace_record_name(uint16_t type);

/* The parts of a record that follow its fixed fields. */
static inline const char *trace_process_executable(const struct trace_process *process)
{
    return process->executable_length == 0 ? "" : (const char *)(process + 1);
}

/* argument_count strings, one after the other, each ended by NUL. */
static inline const char *trace_process_arguments(const struct trace_process *process)
{
    return (const char *)(process + 1) + process->executable_length;
}

static inline const char *trace_module_path(const struct trace_module *module)
{
    return module->path_length == 0 ? "" : (const char *)(module + 1);
}

static inline const uint64_t *trace_context_frames(const struct trace_context *context)
{
    return (const uint64_t *)(context + 1);
}

static inline const struct trace_event_step *trace_event_steps(const struct trace_event *event)
{
    return (const struct trace_event_step *)(event + 1);
}

static inline const char *trace_lock_name_text(const struct trace_lock_name *name)
{
    return name->name_length == 0 ? "" : (const char *)(name + 1);
}

static inline const char *trace_declared_order_before(const struct trace_declared_order *order)
{
    return order->before_length == 0 ? "" : (const char *)(order + 1);
}

static inline const char *trace_declared_order_after(const struct trace_declared_order *order)
{
    return order->after_length == 0 ? "" : (const char *)(order + 1) + order->before_length;
}

static inline const struct trace_held *trace_dependency_held(const struct trace_dependency *dependency)
{
    return (const struct trace_held *)(dependency + 1);
}

#endif
