/* The trace file, mapped. All functions but trace_limit_count want the recorder lock held.
 *
 * The file is mapped in its largest size and is sparse; its descriptor is closed at once, because a program may close or reuse
 * any descriptor. Space is reserved before it is used (MADV_POPULATE_WRITE), so that a full disk is an error
 * to count and never a SIGBUS in the program. */
#ifndef LOCKORDER_PRELOAD_TRACE_WRITER_H
#define LOCKORDER_PRELOAD_TRACE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockorder/trace_format.h"

/* Creates the file of this process in options.trace_dir (or a default folder). False after a message on stderr. */
bool trace_create(uint32_t process_flags);

/* Unmaps the file of the parent in a child after fork, which must not write to it. */
void trace_forget(void);

/* Puts private memory in the place of the mapping: what is written from here on goes nowhere. */
void trace_detach(void);

/* A zeroed record of `size` bytes, rounded up to the format's alignment, its header filled in; NULL when there is no more room,
 * which is told once. It becomes part of the file with trace_commit. */
void *trace_append(enum trace_record_type type, size_t size);
void trace_commit(void);

/* Assures space for later, when the system can no longer be asked. */
void trace_reserve_ahead(void);

/* Whether that many more bytes leave half of the largest size to others. */
bool trace_can_spare(size_t size);

/* The record being written, or a committed one, as its offset in the file; and back. */
uint64_t trace_offset(const void *record);
void *trace_at(uint64_t offset);

struct trace_header *trace_header(void);
const char *trace_path(void);

/* Counts something left out. Any thread, no lock. */
void trace_limit_count(enum trace_limit limit);

/* Marks the file closed and cuts it to its length. Nothing may be written to it afterwards. */
void trace_close(void);

#endif
