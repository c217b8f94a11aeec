/* The model that every stage of the analysis takes and gives: what one or more traces say, in plain arrays.
 *
 * Words (the same everywhere in this project):
 *     lock        anything a thread can wait for that another thread must release, during one life (one address may be
 *                 several locks, one after the other)
 *     context     an interned call stack
 *     segment     a stretch of one thread between two create or join events; two segments are ordered or concurrent
 *     dependency  "a thread that holds H waits for lock l, in a mode, at a context"; the edge of the lock-order graph
 *     witness     a segment in which a dependency was seen, and how often
 * Careful: `module` is a file of code (executable or library), never a part of this program.
 *
 * Ids are types; index 0 is "none" and element 0 of every array is a zeroed dummy, so an id indexes its array directly.
 * Several traces may be loaded into one world; each keeps its own process, and ids are renumbered on loading.
 * The world owns all memory reachable from it. No stage changes what an earlier one has put in. */
#ifndef LOCKORDER_ANALYZER_WORLD_H
#define LOCKORDER_ANALYZER_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockorder/trace_format.h"

struct process_id { uint32_t index; };
struct module_id { uint32_t index; };
struct thread_id { uint32_t index; };
struct segment_id { uint32_t index; };
struct context_id { uint32_t index; };
struct lock_id { uint32_t index; };
struct dependency_id { uint32_t index; };

struct process {
    char *trace_path;
    char *executable; /* path; "" when the trace was cut before it */
    char **arguments; /* argument_count strings */
    uint32_t argument_count;
    uint32_t kernel_id; /* pid */
    uint32_t parent_kernel_id;
    bool forked;    /* a child after fork that ran no program image of its own */
    bool hooks_ran; /* at least one lock call of the program was seen */
    bool truncated; /* the file ends before what its header promises */
    enum trace_state state;
    uint64_t acquisitions;
    uint64_t limits[TRACE_LIMIT_COUNT];
};

struct module {
    struct process_id process;
    char *path; /* as the process saw it; may be "" */
    uint64_t load_bias, start, end;
    uint8_t build_id[LOCKORDER_TRACE_BUILD_ID_SIZE];
    uint32_t build_id_size;
};

struct thread {
    struct process_id process;
    uint32_t number; /* 1, 2, ... within its process, for the reader of a report */
    uint32_t kernel_id;
    char name[LOCKORDER_TRACE_NAME_SIZE + 1]; /* raw bytes of the program */
    struct thread_id parent;
    struct context_id created_at;
    uint32_t flags; /* enum trace_thread_flag */
    uint64_t acquisitions;
};

struct segment {
    struct thread_id thread;
    struct segment_id previous, other; /* both end before this one begins */
    enum trace_segment_start start;
};

struct frame {
    struct module_id module; /* none: address is the process's own */
    uint64_t address;        /* return address in the module's ELF file */
};

struct context {
    struct frame *frames; /* [0] is the innermost */
    uint32_t frame_count;
    uint32_t flags; /* enum trace_context_flag */
};

struct lock {
    struct process_id process;
    uint32_t number; /* 1, 2, ... within its process */
    enum trace_lock_kind kind;
    uint32_t flags; /* enum trace_lock_flag */
    struct module_id module;
    uint64_t address, offset;
    struct context_id initialized_at, first_used_at;
    struct thread_id thread;
    uint32_t end_reason; /* enum trace_lock_end_reason, 0 while it lives */
};

struct held_lock {
    struct lock_id lock;
    struct context_id context;
    enum trace_mode mode;
};

struct witness {
    struct segment_id segment;
    uint64_t count;
};

struct dependency {
    struct process_id process;
    struct lock_id lock; /* the wanted one */
    struct context_id context;
    enum trace_mode mode;
    uint32_t flags; /* enum trace_dependency_flag */
    struct held_lock *held;
    uint32_t held_count;
    struct witness *witnesses;
    uint32_t witness_count;
};

/* Arrays; `count` includes the dummy at 0. */
struct world {
    struct process *processes;
    uint32_t process_count;
    struct module *modules;
    uint32_t module_count;
    struct thread *threads;
    uint32_t thread_count;
    struct segment *segments;
    uint32_t segment_count;
    struct context *contexts;
    uint32_t context_count;
    struct lock *locks;
    uint32_t lock_count;
    struct dependency *dependencies;
    uint32_t dependency_count;
};

/* An empty world, with the dummies in place; freed with world_free. Out of memory ends the command (it is no guest). */
struct world *world_new(void);
void world_free(struct world *world);

/* Append one zeroed element and return its id. Pointers into the same array become invalid. */
struct process_id world_add_process(struct world *world);
struct module_id world_add_module(struct world *world);
struct thread_id world_add_thread(struct world *world);
struct segment_id world_add_segment(struct world *world);
struct context_id world_add_context(struct world *world);
struct lock_id world_add_lock(struct world *world);
struct dependency_id world_add_dependency(struct world *world);

/* Takes back all that was added since `earlier`, a plain copy of the struct, was made. What was there before must be unchanged. */
void world_restore(struct world *world, const struct world *earlier);

#endif
