/* THE FAST PATH: what every acquisition and release of the observed program pays.
 *
 * acquire_fast: make the key of this acquisition, look it up in the thread's cache (one cache line), count, push the held list.
 * Entries whose call path is to be checked stand under other keys, for acquire_on_path to find; acquire_known looks further.
 *
 * release_fast: pop the held list.
 *
 * Nothing else: no atomic instruction, no shared line written, no allocation, no system call, no unwinding, no call. Whatever is
 * new, or unusual, goes to acquire_slow.c.
 *
 * The key of an acquisition says all that would make another record: the call site and stack depth, and, when a lock is held,
 * the chain with the lock in it, which stands for the held set (locks in their present lives, contexts, modes) and the segment.
 * An acquisition with nothing held is no dependency: only its context matters, so the lock is not part of its key and a lock that
 * is never nested leaves nothing behind. */
#ifndef LOCKORDER_PRELOAD_ACQUIRE_H
#define LOCKORDER_PRELOAD_ACQUIRE_H

#include "call_path.h"
#include "check/check.h"
#include "held_list.h"
#include "recorder.h"

/* How a lock is asked for. Part of the key. */
enum attempt {
    ATTEMPT_BLOCKING = 0,
    ATTEMPT_TRY,       /* waits for nothing: no dependency */
    ATTEMPT_TIMED,     /* waits at most for a while */
    ATTEMPT_REACQUIRE, /* the end of a condition wait */
    ATTEMPT_NONE,      /* no acquisition: only the context of the call is wanted */
};

/* One call of an interposed function that acquires a lock. */
struct acquisition {
    uintptr_t lock;
    uint32_t kind_and_mode; /* HELD_KIND_AND_MODE */
    enum attempt attempt;
    uintptr_t return_address; /* of the interposed function */
    uintptr_t frame;          /* frame address of the call */
};

/* In an interposed function: where it was called from. */
#define CALL_RETURN_ADDRESS ((uintptr_t)__builtin_return_address(0))
#define CALL_FRAME ((uintptr_t)__builtin_dwarf_cfa())

enum { SITE_ROTATION = CACHE_PLACE_SHIFT + 1 };

/* How and where a lock is acquired, without which one and what is held. What differs between stack depths comes to stand where
 * cache_place looks. */
static always_inline uint64_t acquire_site(enum attempt attempt, uintptr_t return_address, uintptr_t frame)
{
    return (return_address ^ hash_rotate(frame, SITE_ROTATION) ^ (uint64_t)attempt * HASH_PRIME) * HASH_SMALL_PRIME;
}

/* `chain` is that of the held list with the lock in it. */
static always_inline uint64_t acquire_key(const struct thread_state *state, uint64_t site, uint64_t chain)
{
    return held_list_is_empty(state) ? site : chain;
}

/* What the cache was asked for, and the chain that the lock would have. */
struct acquire_sought {
    uint64_t key, chain;
};

static always_inline struct acquire_sought acquire_seek(const struct thread_state *state, uintptr_t lock, enum attempt attempt,
                                                        uintptr_t return_address, uintptr_t frame)
{
    uint64_t site = acquire_site(attempt, return_address, frame);
    uint64_t added = site + lock_salt(lock);
    __asm__("" : "+r"(added)); /* summed up first: the compiler would make what is to be loaded wait for three additions */
    uint64_t chain = held_chain(state->top->chain, added);
    return (struct acquire_sought){acquire_key(state, site, chain), chain};
}

/* NULL when the key is in neither of its two places. */
static always_inline struct cache_entry *acquire_look_up(const struct thread_state *state, uint64_t key)
{
    struct cache_entry *entry = cache_place(state->cache, state->cache_mask, key);
    if (unlikely(entry->key != key)) {
        entry = cache_neighbour(entry);
        if (entry->key != key)
            return NULL;
    }
    return entry;
}

/* `flags` are 0, but where a history is kept (history_fast.h). */
static always_inline void acquire_enter(struct thread_state *state, struct cache_entry *entry, uintptr_t lock, uintptr_t flags,
                                        uint32_t kind_and_mode, uintptr_t frame, uint64_t chain)
{
    struct held_entry held = {
        .lock = lock | flags, .chain = chain, .frame = frame, .details = HELD_DETAILS(entry->context, kind_and_mode)};
    entry->count++;
    held_list_push(state, held);
}

/* True when nothing is new about this acquisition, which is then counted and entered into the held list. */
static always_inline bool acquire_fast(struct thread_state *state, uintptr_t lock, uint32_t kind_and_mode, enum attempt attempt,
                                       uintptr_t return_address, uintptr_t frame, struct acquire_sought *sought)
{
    *sought = acquire_seek(state, lock, attempt, return_address, frame);
    struct cache_entry *entry = acquire_look_up(state, sought->key);
    if (unlikely(!entry))
        return false;
    check_known(state, (&(const struct acquisition){lock, kind_and_mode, attempt, return_address, frame}), entry);
    acquire_enter(state, entry, lock, 0, kind_and_mode, frame, sought->chain);
    return true;
}

/* An entry in a wrapper function, whose call path is to be checked: at the places of the key, or at those of the key that the
 * caller makes of it, as far as the fast path would look there. NULL when it is not found there. */
static always_inline struct cache_entry *acquire_look_up_on_path(const struct thread_state *state, uint64_t key, uintptr_t frame)
{
    key ^= CALL_PATH_SALT;
    for (unsigned level = 0;; level++) {
        struct cache_entry *entry = acquire_look_up(state, key);
        if (unlikely(!entry) || likely(call_path_sum(entry->path, frame) == entry->path_sum))
            return entry;
        if (level == CALL_PATH_LEVELS)
            return NULL;
        key = call_path_key_below(key, frame, entry->path[level]);
    }
}

/* Of a call that acquires nothing. */
static always_inline uint64_t acquire_key_of_call(uintptr_t return_address, uintptr_t frame)
{
    return acquire_site(ATTEMPT_NONE, return_address, frame) * HASH_GOLDEN;
}

/* As acquire_fast, which has not found it under its own key. */
static always_inline bool acquire_on_path(struct thread_state *state, uintptr_t lock, uint32_t kind_and_mode,
                                          enum attempt attempt, uintptr_t return_address, uintptr_t frame,
                                          struct acquire_sought sought)
{
    struct cache_entry *entry = acquire_look_up_on_path(state, sought.key, frame);
    if (unlikely(!entry))
        return false;
    check_known(state, (&(const struct acquisition){lock, kind_and_mode, attempt, return_address, frame}), entry);
    acquire_enter(state, entry, lock, 0, kind_and_mode, frame, sought.chain + call_path_salt(entry));
    return true;
}

/* True when the lock was the one acquired last, which is then no longer held. */
static always_inline bool release_fast(struct thread_state *state, uintptr_t lock)
{
    if (unlikely(state->top->lock != lock))
        return false;
    held_list_pop(state);
    return true;
}

/* The same for whatever the fast path does not know. They cannot fail: what cannot be recorded is counted.
 * acquire_known: the rest of what the thread's cache knows; nothing new is recorded. False when this is new. */
bool acquire_known(const struct acquisition *acquisition);
void acquire_slow(const struct acquisition *acquisition);
void release_slow(uintptr_t lock, uintptr_t return_address, uintptr_t frame);

/* The acquisition that was entered last has failed. */
void acquire_failed(uintptr_t lock);

/* Before the thread has the lock, which history_acquired says then. */
static inline void acquire(const struct acquisition *acquisition)
{
    if (!acquire_known(acquisition))
        acquire_slow(acquisition);
}

/* How often this thread has made this acquisition, as far as its counts have not been written to the trace. */
uint64_t acquire_count(const struct acquisition *acquisition);

/* A condition wait releases `acquisition->lock` and acquires it again at its end; what waking needs is recorded now, before
 * the wait, and the hazard where other locks stay held. Returns whether the lock was held; then *context is that of the call. */
bool acquire_before_condition_wait(const struct acquisition *acquisition, bool timed, uint32_t *context);

/* Forgets locks that are held while a call is running, of which nobody told that it has returned (loader.c, once.c). For the
 * present call; inside the recorder, without its lock. */
void acquire_drop_returned_calls(struct thread_state *state, uintptr_t return_address, uintptr_t frame);

/* The state of this thread, made if it has none; NULL when there is no memory. Inside the recorder, without its lock. */
struct thread_state *acquire_thread_state(void);

/* The context id of the interposed call, where this thread knows it; else 0. */
uint32_t acquire_known_context(uintptr_t return_address, uintptr_t frame);

/* The context id of the interposed call; 0 when it could not be recorded. Inside the recorder, without its lock. */
uint32_t acquire_context(struct thread_state *state, uintptr_t return_address, uintptr_t frame);

#endif
