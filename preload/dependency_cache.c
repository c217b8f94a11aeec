#include "dependency_cache.h"

#include <string.h>

#include "arena.h"
#include "call_path.h"
#include "hash.h"
#include "thread_state.h"
#include "trace_writer.h"

#define PLACES 8 /* where a key may stand: its own pair of places, and others that have nothing to do with it */
#define SIZE_BITS_AT_MOST 21
#define SIZE_AT_MOST (1U << SIZE_BITS_AT_MOST)
#define SIZE_OF_FEW 1024
#define GONE UINT64_MAX /* in place of the key of an entry that is no more: nothing is looked for under it */

uint64_t dependency_cache_salt;

/* Keys of neighbouring locks, or of one lock in its lives, crowd around one place. */
static __attribute__((noinline)) struct cache_entry *further_place(const struct thread_state *state, uint64_t key,
                                                                   uint32_t attempt)
{
    uint64_t spread = key * HASH_GOLDEN;
    spread = (spread ^ spread >> 32) * HASH_PRIME;
    uint32_t place = (uint32_t)(spread >> (attempt / 2 - 1) * SIZE_BITS_AT_MOST) & (state->cache_size - 1) & ~1U;
    return &state->cache[place | (attempt & 1)];
}

static struct cache_entry *place_of(const struct thread_state *state, uint64_t key, uint32_t attempt)
{
    struct cache_entry *own = cache_place(state->cache, state->cache_mask, key);
    if (attempt >= 2)
        return further_place(state, key, attempt);
    return attempt ? cache_neighbour(own) : own;
}

/* Entries never go but to make room for all the others anew, so behind a free place there is none. */
static __attribute__((noinline)) struct cache_entry *find_further(const struct thread_state *state, uint64_t key)
{
    for (uint32_t attempt = 2; attempt < PLACES; attempt++) {
        struct cache_entry *entry = place_of(state, key, attempt);
        if (entry->key == key)
            return entry;
        if (!entry->key)
            return NULL;
    }
    return NULL;
}

/* Where the fast path looks, too. */
static always_inline struct cache_entry *find_near(const struct thread_state *state, uint64_t key)
{
    struct cache_entry *entry = cache_place(state->cache, state->cache_mask, key);
    if (entry->key != key)
        entry = cache_neighbour(entry);
    return entry->key == key ? entry : NULL;
}

static always_inline struct cache_entry *find(const struct thread_state *state, uint64_t key)
{
    struct cache_entry *entry = find_near(state, key);
    if (entry)
        return entry;
    const struct cache_entry *own = cache_place(state->cache, state->cache_mask, key);
    return own->key && cache_neighbour((struct cache_entry *)own)->key ? find_further(state, key) : NULL;
}

static struct cache_entry *find_on_path(const struct thread_state *state, uint64_t key, uintptr_t frame)
{
    for (unsigned level = 0; level <= CALL_PATH_LEVELS; level++) {
        struct cache_entry *entry = find(state, key);
        if (!entry || likely(call_path_sum(entry->path, frame) == entry->path_sum))
            return entry;
        key = level < CALL_PATH_LEVELS ? call_path_key_below(key, frame, entry->path[level]) : 0;
    }
    return NULL;
}

struct cache_entry *dependency_cache_find(struct thread_state *state, uint64_t key, uintptr_t frame)
{
    key ^= dependency_cache_salt;
    struct cache_entry *entry = find_near(state, key);
    if (!entry)
        entry = find_on_path(state, key ^ CALL_PATH_SALT, frame);
    return entry ? entry : find(state, key);
}

/* The first place that is free, or has the key; NULL when there is none. An entry that is `gone` makes its place free, too: 0
 * where it does not. */
static struct cache_entry *find_free(const struct thread_state *state, uint64_t key, uint64_t gone)
{
    for (uint32_t attempt = 0; attempt < PLACES; attempt++) {
        struct cache_entry *entry = place_of(state, key, attempt);
        if (!entry->key || entry->key == key || entry->key == gone)
            return entry;
    }
    return NULL;
}

static struct cache_entry *place_for(struct thread_state *state, uint64_t key)
{
    struct cache_entry *entry = find_free(state, key, 0);
    if (entry)
        state->cache_used += !entry->key;
    return entry;
}

/* A signal handler may look for it meanwhile: the key comes last. */
static void put(struct cache_entry *place, const struct cache_entry *entry)
{
    place->count = entry->count;
    place->path_sum = entry->path_sum;
    place->context = entry->context;
    place->witness = entry->witness;
    memcpy(place->path, entry->path, sizeof place->path);
    COMPILER_BARRIER();
    place->key = entry->key;
}

/* A signal handler may run this while the fast path that it interrupted has a place in the old cache: so that stays mapped until
 * the thread has gone, and keeps its content where a handler may be running. The first cache is part of the state. */
static void retire(struct thread_state *state, struct cache_entry *cache, uint32_t size, bool in_handler)
{
    if (size == CACHE_FIRST_SIZE)
        return;
    if (!in_handler)
        pages_forget(cache, size * sizeof *cache);
    struct retired_cache *retired = (struct retired_cache *)cache;
    struct retired_cache link = {state->retired_caches, size};
    *retired = link;
    state->retired_caches = retired;
}

void dependency_cache_release(struct thread_state *state)
{
    if (state->cache_size > CACHE_FIRST_SIZE)
        pages_release(state->cache, state->cache_size * sizeof *state->cache);
    for (struct retired_cache *retired = state->retired_caches, *next; retired; retired = next) {
        next = retired->next;
        pages_release(retired, retired->size * sizeof *state->cache);
    }
}

static bool grow(struct thread_state *state, bool in_handler)
{
    struct cache_entry *old = state->cache;
    uint32_t old_size = state->cache_size;
    if (old_size == SIZE_AT_MOST)
        return false;
    struct cache_entry *larger = pages_allocate(old_size * 2 * sizeof *larger);
    if (!larger)
        return false;
    state->cache = larger;
    state->cache_size = old_size * 2;
    state->cache_mask = CACHE_MASK(old_size * 2);
    state->cache_used = state->cache_came_back = 0;
    for (uint32_t i = 0; i < old_size; i++) {
        struct cache_entry *place = old[i].key && old[i].key != GONE ? place_for(state, old[i].key) : NULL;
        if (place)
            put(place, &old[i]);
    }
    retire(state, old, old_size, in_handler);
    return true;
}

static void add_to_witness(const struct cache_entry *entry, uint64_t count)
{
    if (!entry->witness)
        return;
    struct trace_witness *witness = trace_at((uint64_t)entry->witness * 8);
    __atomic_store_n(&witness->count, witness->count + count, __ATOMIC_RELAXED);
}

/* Adds the count of an entry to what the trace says. */
static uint64_t write_count(struct cache_entry *entry)
{
    uint64_t count = __atomic_load_n(&entry->count, __ATOMIC_RELAXED);
    if (count)
        add_to_witness(entry, count);
    entry->count = 0;
    return count;
}

static void add_acquisitions(struct thread_state *state, uint64_t acquisitions)
{
    if (state->record) {
        struct trace_thread *record = trace_at(state->record);
        __atomic_store_n(&record->acquisitions, record->acquisitions + acquisitions, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&trace_header()->acquisitions, trace_header()->acquisitions + acquisitions, __ATOMIC_RELAXED);
}

static bool is_used(const struct cache_entry *entry)
{
    return entry->key && entry->key != GONE && entry->count;
}

/* Puts the entries that were used since the last time into an empty cache. False when they are too many, or no memory is there.
 */
static bool drop_unused(struct thread_state *state)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < state->cache_size; i++)
        used += is_used(&state->cache[i]);
    struct cache_entry *kept = used <= state->cache_size / 4 ? pages_allocate((used + 1) * sizeof *kept) : NULL;
    if (!kept)
        return false;
    uint64_t acquisitions = 0;
    struct cache_entry *end = kept;
    for (uint32_t i = 0; i < state->cache_size; i++)
        if (is_used(&state->cache[i])) {
            acquisitions += write_count(&state->cache[i]);
            *end++ = state->cache[i];
        }
    dependency_cache_clear(state);
    for (struct cache_entry *entry = kept; entry < end; entry++) {
        struct cache_entry *place = place_for(state, entry->key);
        if (place)
            put(place, entry);
    }
    pages_release(kept, (used + 1) * sizeof *kept);
    add_acquisitions(state, acquisitions);
    return true;
}

/* A program with many locks comes back to them: then the cache was too small. One that makes locks and frees them does not: no
 * cache would be large enough. */
static void make_room(struct thread_state *state, bool in_handler)
{
    bool came_back = state->cache_came_back >= state->cache_size / 16;
    if (state->cache_used * 2 < state->cache_size)
        return;
    if (state->cache_size < SIZE_OF_FEW || in_handler || came_back || !drop_unused(state))
        grow(state, in_handler);
}

static bool is_fast(const struct thread_state *state, uint64_t key, const struct cache_entry *entry)
{
    return entry == place_of(state, key, 0) || entry == place_of(state, key, 1);
}

/* Whether to grow, where this is the place for a key. In a small cache each entry has one where the fast path finds it: room is
 * cheap there, and programs with few locks use each of them often. In a large one that is almost empty, more room would not help
 * keys that have no place. */
static bool is_too_small(const struct thread_state *state, uint64_t key, const struct cache_entry *place)
{
    if (state->cache_size < SIZE_OF_FEW)
        return !place || !is_fast(state, key, place);
    return !place && state->cache_used >= state->cache_size / 8;
}

/* Makes room where the fast path finds it: one of the two entries that stand there, which was used less, goes on to the next
 * place of its own, or goes for good: what it stood for is looked up and found recorded again, should it come back. */
static struct cache_entry *displace(struct thread_state *state, uint64_t key)
{
    struct cache_entry *own = place_of(state, key, 0), *neighbour = place_of(state, key, 1);
    struct cache_entry *less_used = neighbour->count < own->count ? neighbour : own;
    struct cache_entry displaced = *less_used;
    *less_used = (struct cache_entry){.key = GONE};
    struct cache_entry *next = displaced.key != GONE ? place_for(state, displaced.key) : NULL;
    if (next)
        put(next, &displaced);
    else
        add_acquisitions(state, write_count(&displaced));
    return less_used;
}

/* What is not there yet. A handler may have interrupted the use of an entry, which then stays where it is. */
static struct cache_entry *insert(struct thread_state *state, uint64_t key, bool in_handler)
{
    make_room(state, in_handler);
    struct cache_entry *entry = find_free(state, key, GONE);
    while (is_too_small(state, key, entry) && grow(state, in_handler))
        entry = find_free(state, key, GONE);
    if (!entry || (!in_handler && !is_fast(state, key, entry)))
        entry = displace(state, key);
    state->cache_used += !entry->key;
    add_acquisitions(state, write_count(entry));
    memset(entry, 0, sizeof *entry);
    entry->key = key;
    return entry;
}

/* What lies beyond a stack that was cut is not known. */
static bool may_be_in_handler(const struct stack *stack)
{
    return stack->cut || stack->handler;
}

/* At the first level at which there is none. */
static struct cache_entry *insert_on_path(struct thread_state *state, uint64_t key, uintptr_t frame, const struct stack *stack)
{
    uint8_t path[CALL_PATH_LEVELS];
    call_path_describe(path, stack, frame);
    for (unsigned level = 0; level < CALL_PATH_LEVELS && find(state, key); level++)
        key = call_path_key_below(key, frame, path[level]);
    struct cache_entry *entry = insert(state, key, may_be_in_handler(stack));
    memcpy(entry->path, path, sizeof path);
    entry->path_sum = call_path_sum(path, frame);
    return entry;
}

struct cache_entry *dependency_cache_insert(struct thread_state *state, uint64_t key, uintptr_t frame, const struct stack *stack,
                                            bool checks_path)
{
    key ^= dependency_cache_salt;
    bool is_outermost = stack->count == 1 && !stack->cut; /* a function in which a thread begins: nothing calls it */
    bool knows_caller = call_path_place(stack, frame, 1) != 0;
    if (checks_path && !is_outermost && knows_caller)
        return insert_on_path(state, key ^ CALL_PATH_SALT, frame, stack);
    return insert(state, key, may_be_in_handler(stack));
}

void dependency_cache_drop(struct cache_entry *entry)
{
    entry->key = GONE;
}

void dependency_cache_forget_keys(struct thread_state *state)
{
    dependency_cache_write_counts(state);
    for (uint32_t i = 0; i < state->cache_size; i++)
        __atomic_store_n(&state->cache[i].key, 0, __ATOMIC_RELAXED);
    state->cache_used = state->cache_came_back = 0;
}

void dependency_cache_clear(struct thread_state *state)
{
    memset(state->cache, 0, state->cache_size * sizeof *state->cache);
    state->cache_used = state->cache_came_back = 0;
}

/* Their places are not free: other entries may have been put behind them. */
void dependency_cache_trust_path(struct thread_state *state, uint32_t context)
{
    for (uint32_t i = 0; i < state->cache_size; i++) {
        struct cache_entry *entry = &state->cache[i];
        if (entry->context != context || !entry->path[0])
            continue;
        add_acquisitions(state, write_count(entry));
        *entry = (struct cache_entry){.key = GONE};
    }
}

void dependency_cache_count_first(struct thread_state *state, const struct cache_entry *entry)
{
    const struct trace_witness *witness = entry->witness ? trace_at((uint64_t)entry->witness * 8) : NULL;
    state->cache_came_back += witness && witness->count;
    add_to_witness(entry, 1);
    add_acquisitions(state, 1);
}

uint64_t dependency_cache_total(const struct thread_state *state)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < state->cache_size; i++)
        total += state->cache[i].count;
    return total;
}

void dependency_cache_write_counts(struct thread_state *state)
{
    uint64_t acquisitions = 0;
    if (!state->cache_used)
        return;
    for (uint32_t i = 0; i < state->cache_size; i++)
        acquisitions += write_count(&state->cache[i]);
    add_acquisitions(state, acquisitions);
}
