/* Which lock an address is: the recorded locks and the initialised ones, by address. Call with the recorder lock held, except
 * for lock_table_may_cover. */
#ifndef LOCKORDER_PRELOAD_LOCK_TABLE_H
#define LOCKORDER_PRELOAD_LOCK_TABLE_H

#include "hash.h"
#include "recorder.h"

struct known_lock {
    uintptr_t address;
    struct known_lock *next; /* in its bucket */
    const struct name *name; /* NULL when the program has given none */
    uint32_t id;             /* in the trace; 0 while it has not been part of a dependency */
    uint32_t initialized_at; /* context id; 0 when no initialisation was seen */
    uint32_t life;           /* 1, 2, ... over all locks */
    uint32_t mark : 31;      /* the collection in which dependency.c met it last, up to KNOWN_LOCK_MARKS */
    uint32_t is_signal : 1;  /* a semaphore that is no lock */
};
_Static_assert(sizeof(struct known_lock) == 40, "there are as many as nested locks");

#define KNOWN_LOCK_MARKS 0x7fffffffU

/* What is asked about a lock that is new to the trace. */
struct lock_use {
    const struct thread_state *state;
    uintptr_t address;
    uint32_t kind;    /* HELD_KIND */
    uint32_t context; /* of an acquisition */
    uintptr_t frame;  /* frame address of the present call: what lies above is stack in use */
};

/* The lock at this address in its present life; its record is written when it is first asked for. NULL when it could not be
 * recorded, which is counted. */
struct known_lock *lock_table_identify(const struct lock_use *use);

/* An initialisation at this address: another life begins. */
void lock_table_begin_life(uintptr_t address, uint32_t initialized_at);

/* The lock at this address, if it is known, is no more. */
void lock_table_end_life(uintptr_t address, enum trace_lock_end_reason reason);

/* All known locks in a block of memory are no more. */
void lock_table_end_lives_in(uintptr_t start, size_t size, enum trace_lock_end_reason reason);

/* What the program calls the lock at this address, for the rest of its life. */
void lock_table_set_name(uintptr_t address, const char *name, uint32_t level);

/* A number for the lock at this address in its present life, where its end would be seen: 0 for a lock that was never initialised
 * by a call, lies in no module and has not been part of a dependency. */
uint32_t lock_table_life(uintptr_t address);
#define LOCK_LIFE_STATIC UINT32_MAX

#ifdef LOCKORDER_CHECK
/* The id of the lock at this address; 0 when it has none. */
uint32_t lock_table_id(uintptr_t address);

/* lock_table_is_signal, and nothing is forgotten. */
bool lock_table_was_marked_signal(uintptr_t address);
#endif

/* The semaphore at this address is a signal and no lock, for the rest of its life. */
void lock_table_mark_signal(uintptr_t address);

/* Whether that is so. Of several signals, some may be forgotten, and are to be marked again when they show. One load; any thread,
 * no lock. */
static inline bool lock_table_is_signal(uintptr_t address);

/* In a child after fork: ids start again; initialisations are forgotten. */
void lock_table_forget_all(void);

/* False when no lock at this address is in the table. One load; any thread, no lock: the address is the caller's. */
#define LOCK_TABLE_FILTER_BITS 16
extern uint8_t lock_table_filter[1 << LOCK_TABLE_FILTER_BITS] __attribute__((visibility("hidden")));

static inline uint8_t *lock_table_filter_place(uintptr_t address)
{
    return &lock_table_filter[address * HASH_GOLDEN >> (64 - LOCK_TABLE_FILTER_BITS)];
}

static inline bool lock_table_may_know(uintptr_t address)
{
    return __atomic_load_n(lock_table_filter_place(address), __ATOMIC_RELAXED) != 0;
}

/* A map of the address space in coarse regions: false when no known lock can lie in a block that starts at `start` and is no
 * longer than LOCK_TABLE_BLOCK. One load; any thread. */
#define LOCK_TABLE_REGION_BITS 21
#define LOCK_TABLE_REGIONS 65536
#define LOCK_TABLE_BLOCK ((uintptr_t)32 << 20)
extern uint8_t lock_table_regions[LOCK_TABLE_REGIONS] __attribute__((visibility("hidden")));
enum { REGION_BELOW_A_LOCK = 1, REGION_OF_A_LOCK = 2 };

static inline uint8_t *lock_table_region(uintptr_t address)
{
    return &lock_table_regions[(address >> LOCK_TABLE_REGION_BITS) % LOCK_TABLE_REGIONS];
}

/* Whether frees of blocks that cover this address ask for locks: then it may have one that the table does not know. */
static inline bool lock_table_watches(uintptr_t address)
{
    return __atomic_load_n(lock_table_region(address), __ATOMIC_RELAXED) == REGION_OF_A_LOCK;
}

/* The same for a range of any length. */
bool lock_table_regions_have_locks(uintptr_t start, size_t size);

#define LOCK_TABLE_SIGNALS 4096
extern uintptr_t lock_table_signals[LOCK_TABLE_SIGNALS] __attribute__((visibility("hidden")));

static inline uintptr_t *lock_table_signal_place(uintptr_t address)
{
    return &lock_table_signals[address * HASH_GOLDEN >> 52];
}

static inline bool lock_table_is_signal(uintptr_t address)
{
    return __atomic_load_n(lock_table_signal_place(address), __ATOMIC_RELAXED) == address;
}

static inline bool lock_table_may_cover(uintptr_t start)
{
    return lock_table_regions[(start >> LOCK_TABLE_REGION_BITS) % LOCK_TABLE_REGIONS] != 0;
}

#endif
