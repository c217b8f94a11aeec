/* Telling call paths apart without unwinding. Return address and frame address of a call name its context, except where a wrapper
 * is called from several functions with frames of equal size. So an entry also knows where on the stack the next outer return
 * addresses stand, and a sum of them. */
#ifndef LOCKORDER_PRELOAD_CALL_PATH_H
#define LOCKORDER_PRELOAD_CALL_PATH_H

#include <stdint.h>

#include "hash.h"
#include "unwind.h"

enum { CALL_PATH_LEVELS = 4 };

/* Reads only words that stand below the frame address of an outer frame of the same call, so they are mapped. */
static always_inline uint32_t call_path_sum(const uint8_t path[CALL_PATH_LEVELS], uintptr_t frame)
{
    const uintptr_t *words = (const uintptr_t *)frame;
    return (uint32_t)words[path[0]] + (uint32_t)words[path[1]] * 2 + (uint32_t)words[path[2]] * 4 + (uint32_t)words[path[3]] * 8;
}

/* In the keys of entries whose call path is to be checked. Leaves their place as it is. */
#define CALL_PATH_SALT 0x4f6cdd1U

/* What the path adds to the chain of a lock: several call paths may share a site. */
static always_inline uint64_t call_path_salt(const struct cache_entry *entry)
{
    return entry->path[0] ? entry->path_sum * HASH_PRIME : 0;
}

/* Where an entry is of another path, the one of this path may be a level below it. */
static always_inline uint64_t call_path_key_below(uint64_t key, uintptr_t frame, uint8_t place)
{
    return hash_mix(key, ((const uintptr_t *)frame)[place]);
}

/* Where the return address of the frame `level` (1 is the caller of the function that called us) stands, in words above the
 * frame address; 0 when it is too far away or not known. */
static inline uint8_t call_path_place(const struct stack *stack, uintptr_t frame, uint32_t level)
{
    if (level >= stack->count)
        return 0;
    uintptr_t words = (stack->frames[level].frame - frame) / sizeof(uintptr_t);
    return stack->frames[level].frame > frame && words <= 256 ? (uint8_t)(words - 1) : 0;
}

static inline void call_path_describe(uint8_t path[CALL_PATH_LEVELS], const struct stack *stack, uintptr_t frame)
{
    path[0] = call_path_place(stack, frame, 1);
    for (uint32_t i = 1; i < CALL_PATH_LEVELS; i++) {
        uint8_t place = call_path_place(stack, frame, i + 1);
        path[i] = place && path[i - 1] ? place : path[i - 1];
    }
}

#endif
