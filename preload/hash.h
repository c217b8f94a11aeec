/* Mixing of 64-bit words into well-spread keys. Multipliers: 2^64 / golden ratio (Knuth, TAOCP 3, 6.4) and a prime of xxHash64. */
#ifndef LOCKORDER_PRELOAD_HASH_H
#define LOCKORDER_PRELOAD_HASH_H

#include <stdint.h>

#define HASH_GOLDEN 0x9e3779b97f4a7c15U
#define HASH_PRIME 0xc2b2ae3d27d4eb4fU
/* A prime of xxHash32. An instruction holds no larger factor, where that counts. */
#define HASH_SMALL_PRIME 0x27d4eb2fU

static inline uint64_t hash_rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

/* Order matters: mix(mix(h, a), b) differs from mix(mix(h, b), a). */
static inline uint64_t hash_mix(uint64_t hash, uint64_t value)
{
    hash = (hash_rotate(hash, 5) ^ value * HASH_PRIME) * HASH_GOLDEN;
    return hash ^ hash >> 29;
}

#endif
