/* Trace files made by tests: records are appended in the order of the calls. Ids are given by the caller, so that wrong ones can
 * be written, too; strings and lists are copied. What is built is valid as far as the arguments are; tests then break it. */
#ifndef LOCKORDER_TESTS_TRACE_BUILDER_H
#define LOCKORDER_TESTS_TRACE_BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include "lockorder/trace_format.h"

struct trace_builder {
    unsigned char *bytes; /* the file, aligned for its records; starts with struct trace_header */
    size_t size;          /* also the header's `committed` */
};

/* An empty trace of process 1000, state closed. */
void trace_builder_open(struct trace_builder *builder);
void trace_builder_close(struct trace_builder *builder);

/* May be changed; valid until the next record is added. */
struct trace_header *trace_builder_header(struct trace_builder *builder);

/* Writes the file; ends the test program when it cannot. */
void trace_builder_write(const struct trace_builder *builder, const char *path);

/* A record of any content: its fixed part, whose header's size and type are set here, and what follows. Returns its place,
 * valid until the next record is added. */
void *trace_builder_record(struct trace_builder *builder, enum trace_record_type type, const void *fixed, size_t fixed_size,
                           const void *more, size_t more_size);

void trace_builder_process(struct trace_builder *builder, const char *executable, const char *const *arguments,
                           uint32_t argument_count);
void trace_builder_module(struct trace_builder *builder, uint32_t module, const char *path);
void trace_builder_thread(struct trace_builder *builder, uint32_t thread, uint32_t parent, const char *name);
void trace_builder_segment(struct trace_builder *builder, uint32_t segment, uint32_t thread, uint32_t previous, uint32_t other,
                           enum trace_segment_start start);
/* Frames as packed by TRACE_FRAME. */
void trace_builder_context(struct trace_builder *builder, uint32_t context, const uint64_t *frames, uint16_t frame_count);
void trace_builder_lock(struct trace_builder *builder, uint32_t lock, enum trace_lock_kind kind, uint32_t first_used_at);
/* `held` is what trace_dependency holds, in order. */
void trace_builder_dependency(struct trace_builder *builder, uint32_t dependency, uint32_t lock, uint32_t context,
                              const struct trace_held *held, uint32_t held_count);
void trace_builder_witness(struct trace_builder *builder, uint32_t dependency, uint32_t segment, uint64_t count);

void trace_builder_event(struct trace_builder *builder, enum trace_event_kind kind, const struct trace_event_step *steps,
                         uint32_t step_count);
void trace_builder_wait(struct trace_builder *builder, uint32_t thread, enum trace_wait_kind kind, uint64_t since,
                        uint32_t object, uint32_t context);
void trace_builder_lock_is_signal(struct trace_builder *builder, uint32_t lock);
void trace_builder_try_fallback(struct trace_builder *builder, uint32_t tried_at, uint32_t waits_at);
void trace_builder_lock_name(struct trace_builder *builder, uint32_t lock, uint32_t level, const char *name);
void trace_builder_declared_order(struct trace_builder *builder, const char *before, const char *after);
void trace_builder_shared_object(struct trace_builder *builder, uint32_t lock, uint64_t device, uint64_t inode, uint64_t offset);

/* A whole trace with a record of every type: main creates two threads, "left" and "right", that take locks 1 and 2 in opposite
 * orders, 991 and 9 times. Lock 3 is a semaphore that was posted by "right", which unlocked lock 1 without holding it. */
void trace_builder_two_threads(struct trace_builder *builder);

#endif
