/* A map from 64-bit keys (hashes that stand for what was hashed) to ids. Call with the recorder lock held. */
#ifndef LOCKORDER_PRELOAD_HASH_INDEX_H
#define LOCKORDER_PRELOAD_HASH_INDEX_H

#include <stdbool.h>
#include <stdint.h>

/* Without the padding: there are as many as dependencies. */
struct __attribute__((packed, aligned(4))) hash_index_slot {
    uint64_t key; /* 0: free */
    uint32_t value;
};

struct hash_index {
    struct hash_index_slot *slots;
    uint32_t size; /* a power of two; at most three quarters are used */
    uint32_t used;
};

/* 0 when the key is not there. */
uint32_t hash_index_find(const struct hash_index *index, uint64_t key);

/* `key` must not be there. False when there is no memory. */
bool hash_index_insert(struct hash_index *index, uint64_t key, uint32_t value);

/* In a child after fork: another thread may have been changing it, so its memory is left alone. */
void hash_index_abandon(struct hash_index *index);

#endif
