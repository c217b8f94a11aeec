/* Start here: the recorder lives inside somebody else's program.
 *
 * House rules, for everything under preload/:
 *   - No malloc, no stdio, no lock of libc's or the loader's on any path. Memory comes from arena.h, text goes out by message.h.
 *   - The recorder's own lock (recorder_lock.h) is never held across a call into the program or into libc functions that may
 *     lock. Every path that takes it runs between recorder_enter() and recorder_leave(), so that a signal handler which
 *     interrupts it and locks something is passed through and counted, never deadlocked.
 *   - errno, return values, cancellation points and cleanup handlers are those of the real functions.
 *   - Nothing ends the program: what cannot be done is counted (trace_limit_count) and told in the report.
 *   - Two paths. The fast path (acquire.h) runs at every lock call and does only what is listed there. All else is *_slow.
 *
 * The flow, from the program to the file; each file includes only what stands to its right:
 *
 *   interpose/  ->  acquire.h  ->  acquire_slow.c  ->  dependency.c  ->  lock_table.c  ->  context.c  ->  trace_writer.c
 *   entry points    fast path      what is new         the record       identity          stacks         the mapped file
 *
 * Words: held list, context, dependency, segment, witness, identity: see include/lockorder/trace_format.h.
 * Careful: a *lock* is the program's, the *recorder lock* is ours; a *module* is a mapped file of code; a *frame address* (CFA)
 * is the value of the stack pointer just before the call that we are in. */
#ifndef LOCKORDER_PRELOAD_RECORDER_H
#define LOCKORDER_PRELOAD_RECORDER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lockorder/trace_format.h"

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
/* Orders what the compiler does, for signal handlers on the same thread. */
#define COMPILER_BARRIER() __asm__ volatile("" ::: "memory")
#define always_inline inline __attribute__((always_inline))

/* One lock that a thread holds, or (the last entry) is about to block on: an acquisition that cannot fail is entered before
 * the real call. */
struct held_entry {
    uintptr_t lock; /* address; HELD_BOTTOM in the sentinel below the first; 0 in a place that no lock has, or not yet. HELD_FLAGS
                     * may be set in it: HELD_LOCK */
    uint64_t chain; /* stands for this entry and all below it, see held_chain() */
    uintptr_t frame;  /* frame address of the call that acquired it */
    uint64_t details; /* HELD_DETAILS: one word, so that it is written at once */
};

/* The first acquisition at a call site: its release tells whether the site's own function holds the lock (call_site.h). Locks
 * are aligned, so the lowest bit is free. */
#define HELD_UNCLASSIFIED ((uintptr_t)1)
/* Its release is to be written to the history, so that the fast path is to leave it alone. No address is so large. */
#define HELD_IN_HISTORY ((uintptr_t)1 << 63)
#define HELD_FLAGS (HELD_UNCLASSIFIED | HELD_IN_HISTORY)
#define HELD_LOCK(entry) ((entry)->lock & ~HELD_FLAGS)
#define HELD_BOTTOM ((uintptr_t)2) /* no lock's address */

/* enum trace_lock_kind and enum trace_mode; and these with the context id of the acquisition (0 when none could be recorded). */
#define HELD_KIND_AND_MODE(kind, mode) ((uint32_t)(kind) << 8 | (uint32_t)(mode))
#define HELD_DETAILS(context, kind_and_mode) ((uint64_t)(context) << 32 | (kind_and_mode))
#define HELD_KIND(details) ((uint32_t)(details) >> 8)
#define HELD_MODE(details) ((uint32_t)(details)&0xff)
#define HELD_CONTEXT(details) ((uint32_t)((details) >> 32))

/* What one thread has already recorded; found by one probe. Keys: acquire.h. Path check: call_path.h. */
struct cache_entry {
    uint64_t key;
    uint64_t count;    /* hits, since the counts were last written to the trace */
    uint32_t path_sum; /* of the return addresses in the slots below, when the entry was made */
    uint32_t context;  /* context id of this acquisition */
    uint32_t witness;  /* place of its trace_witness in units of 8 bytes; 0 when it is no dependency */
    uint8_t path[4];   /* where the outer return addresses stand, in words above the frame address; path[0] == 0: none */
};
_Static_assert(sizeof(struct cache_entry) == 32, "two entries share a cache line");

enum { HELD_FIRST_ROOM = 64, CACHE_FIRST_SIZE = 128, CACHE_PLACE_SHIFT = 27 };

/* Bits of thread_state.phase. */
enum thread_phase { THREAD_ENDED = 1, THREAD_BEING_JOINED = 2, THREAD_DETACHED = 4 };

#define CACHE_MASK(size) (((uint64_t)(size)-1) * sizeof(struct cache_entry))

/* The first place to look for a key, and the second: the other one in the same cache line. */
static always_inline struct cache_entry *cache_place(struct cache_entry *cache, uint64_t mask, uint64_t key)
{
    return (struct cache_entry *)((char *)cache + (key >> CACHE_PLACE_SHIFT & mask));
}

static always_inline struct cache_entry *cache_neighbour(struct cache_entry *entry)
{
    return (struct cache_entry *)((uintptr_t)entry ^ sizeof *entry);
}

/* A call stack. */
struct stack_frame {
    uintptr_t address; /* return address: where this frame's function goes on after its call */
    uintptr_t frame;   /* frame address of that call: the stack pointer just before it. The word below holds `address` */
};

struct stack {
    struct stack_frame frames[LOCKORDER_TRACE_MAX_FRAMES]; /* [0] is the program's function that called the interposed one */
    uint32_t count;
    bool cut;         /* there are more frames, or unwinding could not go on */
    uint32_t handler; /* the frame of a signal's handler, counted from 1; 0 when none is running */
};

/* How to get from a frame to its caller, where that is what compilers make of it: the caller's frame address is a register plus
 * an offset, its return address lies below that, and the registers that a function keeps are where they were or saved in the
 * frame. */
enum { FRAME_RULES = 128, KEPT_REGISTERS = 6 };

struct frame_rule {
    uintptr_t return_address; /* into the frame's function; 0: free */
    int32_t frame_offset;
    uint8_t frame_register;       /* DWARF's number; FRAME_IS_OUTERMOST: there is no caller */
    int8_t saved[KEPT_REGISTERS]; /* in words below the caller's frame address; 0: not saved */
};

#define FRAME_IS_OUTERMOST 255

/* A cache that was outgrown: this stands in its first bytes. */
struct retired_cache {
    struct retired_cache *next;
    uint32_t size; /* entries */
};

/* What a thread is blocked on; `kind` is 0 while it is not. Other threads read it: published_wait.h. */
struct wait {
    uint32_t kind;               /* enum trace_wait_kind */
    bool gives_up;               /* the wait has a time-out */
    uint32_t context;            /* id; 0 when none could be recorded */
    uintptr_t address;           /* of the lock; of the mutex, in a condition wait */
    const void *condition;       /* in a condition wait */
    uint32_t kind_and_mode;      /* of the lock */
    uint32_t holder;             /* thread id of who had the lock when this began; 0 when unknown */
    uint32_t held_context;       /* of that one's acquisition; 0 when unknown */
    uint64_t since;              /* CLOCK_MONOTONIC, nanoseconds */
    struct thread_state *joined; /* the thread whose end is waited for */
};

/* A lock that a thread took, when that was new. */
struct taken_lock {
    uintptr_t lock;
    uint32_t kind_and_mode;
    uint32_t context;
    uint32_t life; /* lock_table_life */
    uint32_t segment;
    uint64_t blocked_signals; /* the thread's mask at that time, bit 0 is signal 1 */
};

enum { TAKEN_LOCKS = 32 };

/* Waits for one lock at one place. */
struct contention {
    uint64_t key;    /* of the lock and the place, or of the place alone; 0: free */
    uint64_t record; /* offset of its trace_contention */
};

enum { CONTENTIONS = 64 };

/* Tries of one lock that keep failing while another one is held: see livelock.h. Other threads read it. */
struct retreat {
    uintptr_t wanted, held;
    uint32_t held_details;
    uint32_t in_a_row;         /* failures */
    uint32_t looked_at;        /* in_a_row when the thread looked around last; 0: not so far */
    uint64_t acquisitions;     /* of anything, at that time */
    uint32_t context;          /* of the try; 0: not known so far */
    uint32_t partner;          /* thread id of who may be giving way to this one */
    uint32_t partner_in_a_row; /* when that was seen */
    uint64_t successes;        /* of the same try, before */
};

/* Of one thread, where the calls that it makes are kept in order: see history.h. */
struct history {
    uint16_t *next, *last;      /* the next unit of the present record, and the last place at which a call may begin */
    uint16_t *passed;           /* the last unit that says so; NULL when it is in another record */
    uint16_t *again;            /* the unit that counts its repetitions, if there are any; else NULL */
    uintptr_t repeated;         /* the lock that is passed again and again */
    uint64_t taker;             /* this thread, in words that say who acquired a lock last; 0 when it is not to stand there */
    uint64_t number;            /* of its last call */
    struct history_slot *slots; /* what the calls name in short */
    uint32_t record_size;
    uint32_t writing; /* a signal handler may interrupt that */
    uint32_t ended;   /* what follows is not kept */
};

struct thread_state {
    /* Read by every lock call; one cache line. */
    struct held_entry *top; /* the last held entry; == held when nothing is held */
    struct cache_entry *cache;
    uint64_t cache_mask;          /* see cache_place */
    struct held_entry *held;      /* the sentinel */
    struct held_entry *held_last; /* the last entry there is room for */
    uint32_t cache_used;
    uint32_t cache_came_back; /* entries that had been dropped, since when all were looked through */
    uint32_t cache_size;
    struct retired_cache *retired_caches;
    struct stack stack; /* of the call that is being recorded: not on the program's own stack, which may be small */

    uint32_t thread;  /* id in the trace; 0 when it could not be recorded */
    uint32_t segment; /* id of the current segment */
    uint32_t epoch;   /* in which that began */
    pid_t kernel_id;
    pid_t parent_kernel_id; /* in a child after fork: of the thread that forked, which locked what is still locked; else 0 */
    uint32_t phase;         /* enum thread_phase */
    struct wait wait;
    uint32_t wait_changes; /* odd while the owner changes `wait`: other threads read one that stayed the same */
    uint64_t wait_record;  /* offset of its trace_wait; 0 while it has none */
    uint32_t search;       /* the search for a deadlock that came by last */
    bool deadlocked;       /* its present wait is part of a deadlock that has been reported */
    uintptr_t failed_try;  /* the lock that a try could not get just now; 0 for none. From where, and what was held */
    uintptr_t failed_try_return_address;
    uint64_t failed_try_chain;
    struct taken_lock taken[TAKEN_LOCKS]; /* a ring */
    uint32_t taken_count;
    struct history history;
    struct retreat retreat;
    struct contention contentions[CONTENTIONS]; /* open addressing */
    uint32_t contention_count;
    pthread_t handle;          /* pthread_self() */
    uint64_t record;           /* offset of its trace_thread */
    uintptr_t stack_low;       /* lowest address of the stack known to be readable; 0: the stack is not known */
    uintptr_t stack_high;      /* address after its last byte */
    struct thread_state *next; /* of those with similar handles */
    struct thread_state *next_by_kernel_id;
    /* What is known of code, not of the thread. */
    uint32_t replaced_rules;
    struct frame_rule frame_rules[FRAME_RULES]; /* by return address, which is spread over them */
};

/* This thread's state; before its first slow call, a constant state in which every look-up misses. */
extern __thread struct thread_state *recorder_self __attribute__((tls_model("initial-exec"), visibility("hidden")));
/* Non-zero while this thread is inside the recorder. */
extern __thread uint32_t recorder_depth __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Enters the recorder: false when this thread is inside already (a signal handler, or a callback): the caller passes the call
 * through. Also false when nothing is recorded any more. Pairs with recorder_leave. Both keep errno. */
bool recorder_enter(int *saved_errno);
void recorder_leave(int saved_errno);

/* In a child after fork or clone that has not entered the recorder yet, what all other memory says is its parent's. */
enum recorder_process { RECORDER_IS_PARENTS = 0, RECORDER_AT_WORK, RECORDER_AT_REST };
extern const uint32_t *recorder_process __attribute__((visibility("hidden")));

/* Before the constructor, and once recording has ended: every slow path passes through. */
extern uint32_t recorder_stopped __attribute__((visibility("hidden")));

/* The recorder lock protects all that is shared: tables, states of other threads, the trace. */
void recorder_lock(void);
void recorder_unlock(void);

#endif
