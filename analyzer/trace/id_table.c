#include "id_table.h"

#include "allocate.h"
#include <uthash.h>

struct id_entry {
    uint32_t id;    /* in the trace */
    uint32_t index; /* in the world */
    UT_hash_handle hh;
};

uint32_t id_table_find_far(const struct id_table *table, uint32_t id)
{
    struct id_entry *entry;
    HASH_FIND(hh, table->far, &id, sizeof id, entry);
    return entry == NULL ? 0 : entry->index;
}

static void define_far(struct id_table *table, uint32_t id, uint32_t index)
{
    struct id_entry *entry = allocate_zeroed(1, sizeof *entry);
    entry->id = id;
    entry->index = index;
    HASH_ADD(hh, table->far, id, sizeof entry->id, entry);
}

void id_table_define(struct id_table *table, uint32_t id, uint32_t index)
{
    enum { NEAR = 1024 };
    if (id >= table->count && id - table->count >= NEAR) {
        define_far(table, id, index);
        return;
    }
    while (table->count <= id) {
        table->indexes = allocate_grown(table->indexes, table->count, sizeof *table->indexes);
        table->indexes[table->count++] = 0;
    }
    table->indexes[id] = index;
}

void id_table_clear(struct id_table *table)
{
    struct id_entry *entry, *next;
    HASH_ITER(hh, table->far, entry, next)
    {
        HASH_DEL(table->far, entry);
        free(entry);
    }
    free(table->indexes);
    *table = (struct id_table){0};
}
