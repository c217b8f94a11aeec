#include "hash_index.h"

#include <stddef.h>

#include "arena.h"

#define FIRST_SIZE 256

static struct hash_index_slot *slot_of(const struct hash_index *index, uint64_t key)
{
    uint32_t mask = index->size - 1;
    uint32_t i = (uint32_t)(key >> 32) & mask;
    while (index->slots[i].key && index->slots[i].key != key)
        i = (i + 1) & mask;
    return &index->slots[i];
}

static uint64_t usable(uint64_t key)
{
    return key ? key : 1;
}

uint32_t hash_index_find(const struct hash_index *index, uint64_t key)
{
    return index->size ? slot_of(index, usable(key))->value : 0;
}

static bool grow(struct hash_index *index)
{
    struct hash_index larger = {.size = index->size ? index->size * 2 : FIRST_SIZE, .used = index->used};
    larger.slots = pages_allocate(larger.size * sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (uint32_t i = 0; i < index->size; i++)
        if (index->slots[i].key)
            *slot_of(&larger, index->slots[i].key) = index->slots[i];
    if (index->slots)
        pages_release(index->slots, index->size * sizeof *index->slots);
    *index = larger;
    return true;
}

bool hash_index_insert(struct hash_index *index, uint64_t key, uint32_t value)
{
    if (index->used >= index->size / 4 * 3 && !grow(index))
        return false;
    struct hash_index_slot *slot = slot_of(index, usable(key));
    slot->key = usable(key);
    slot->value = value;
    index->used++;
    return true;
}

void hash_index_abandon(struct hash_index *index)
{
    *index = (struct hash_index){0};
}
