/* The model that every stage of the analysis takes and gives: what one or more traces say, in plain arrays.
 *
 * Words (the same everywhere in this project):
 *     lock        anything a thread can wait for that another thread must release, during one life (one address may be
 *                 several locks, one after the other)
 *     context     an interned call stack
 *     segment     a stretch of one thread between two create, join or barrier events; two segments are ordered or concurrent
 *     dependency  "a thread that holds H waits for lock l, in a mode, at a context"; the edge of the lock-order graph
 *     witness     a segment in which a dependency was seen, and how often
 *     event       something that the recorder saw happen: a deadlock, a misuse, a hazard
 *     contention  how often and how long a thread waited for a lock at some place
 *     wait        what a thread is blocked on at the moment of reading
 * Careful: `module` is a file of code (executable or library), never a part of this program.
 *
 * Ids are types; index 0 is "none" and element 0 of every array is a zeroed dummy, so an id indexes its array directly.
 * Several traces may be loaded into one world; each keeps its own process, and ids are renumbered on loading.
 * The world owns all memory reachable from it. It is complete when trace/settle.h has drawn together what several traces say; no
 * later stage changes it. */
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
    uint32_t deadlocks; /* that the header counts */
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
    bool ended;
    uint64_t acquisitions;
};

struct segment {
    struct thread_id thread;
    struct segment_id previous, other; /* both end before this one begins */
    enum trace_segment_start start;
    uint32_t epoch; /* within its process; segments of different ones never overlap */
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

/* Where in a file, or in anonymous shared memory, a process-shared lock lies. */
struct shared_object {
    uint64_t device, inode, offset;
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
    char *name;          /* given by the program, raw bytes; NULL or "": none */
    uint32_t level;      /* nesting level within its class, given by the program; 0: none */
    bool is_signal;      /* a semaphore that others post: no lock */
    bool is_shared;      /* lies in memory that other processes may map: at `object` */
    struct shared_object object;
    struct lock_id same_as; /* where settled: the lock of another process that it is one with, which is used in its place */
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
    uint32_t held_count; /* 0 where settling has found that it counts for nothing */
    struct witness *witnesses;
    uint32_t witness_count;
};

/* One thread's part in an event: see struct trace_event_step. */
struct event_step {
    struct thread_id thread, other_thread;
    struct held_lock holds, wants;
};

struct event {
    struct process_id process;
    enum trace_event_kind kind;
    uint32_t detail;
    struct event_step *steps;
    uint32_t step_count;
};

/* Read while it was changing, perhaps: what it refers to is none where that is not known. */
struct wait {
    struct thread_id thread;
    enum trace_wait_kind kind;
    uint32_t flags; /* enum trace_wait_flag */
    uint64_t since; /* CLOCK_MONOTONIC, nanoseconds; 0: the thread is not blocked */
    uint64_t address;
    struct lock_id lock;     /* of TRACE_WAIT_LOCK and TRACE_WAIT_SEMAPHORE */
    struct thread_id joined; /* of TRACE_WAIT_JOIN */
    struct context_id context;
};

/* The waits of one thread for one lock at one place. Times are in nanoseconds. */
struct contention {
    struct thread_id thread;
    struct lock_id lock;
    struct context_id context; /* of the call that waits */
    uint64_t waits, total, longest;
    struct thread_id holder; /* who had the lock when the longest one began; none where that is not known */
    struct context_id held_context;
};

struct try_fallback {
    struct process_id process;
    struct context_id tried_at, waits_at;
};

struct declared_order {
    struct process_id process;
    struct context_id context;
    char *before, *after; /* names of locks */
};

/* One call of a thread, as trace_history has it. Those of a thread stand in order; numbers order them against those of others. */
struct history_call {
    uint64_t object; /* address of the lock, or of what the threads meet at */
    uint64_t number;
    struct thread_id thread;
    struct context_id context; /* of the acquisition; none where no lock is held */
    uint8_t call;              /* enum trace_history_call */
    uint8_t lock_kind;         /* enum trace_lock_kind */
    uint8_t mode;              /* enum trace_mode */
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
    struct event *events;
    uint32_t event_count;
    struct wait *waits;
    uint32_t wait_count;
    struct contention *contentions;
    uint32_t contention_count;
    struct try_fallback *try_fallbacks;
    uint32_t try_fallback_count;
    struct declared_order *declared_orders;
    uint32_t declared_order_count;
    struct history_call *history; /* empty but for the dummy unless the user asked for it */
    uint32_t history_count;
    bool across_builds; /* static locks of several builds of a module are one where their names are */
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

/* The same for what nothing refers to: valid until the next one is added. */
struct event *world_add_event(struct world *world);
struct wait *world_add_wait(struct world *world);
struct contention *world_add_contention(struct world *world);
struct try_fallback *world_add_try_fallback(struct world *world);
struct declared_order *world_add_declared_order(struct world *world);
struct history_call *world_add_history_call(struct world *world);

/* Takes back all that was added since `earlier`, a plain copy of the struct, was made. What was there before must be unchanged. */
void world_restore(struct world *world, const struct world *earlier);

#endif
