/* Ids of one kind in a trace -> indexes in the world. */
#ifndef LOCKORDER_ANALYZER_TRACE_ID_TABLE_H
#define LOCKORDER_ANALYZER_TRACE_ID_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* The recorder counts 1, 2, ...: those are in an array. An id is any 32-bit number that the file says, so one that is far beyond
 * what the array has grown to is in a hash. Starts zeroed. */
struct id_table {
    uint32_t *indexes; /* by id; 0: not defined, or in the hash */
    uint32_t count;
    struct id_entry *far;
};

/* Of those in the hash. */
uint32_t id_table_find_far(const struct id_table *table, uint32_t id);

/* 0: not defined. Every reference in a trace is looked up here. */
static inline uint32_t id_table_find(const struct id_table *table, uint32_t id)
{
    if (id < table->count && table->indexes[id] != 0)
        return table->indexes[id];
    return table->far == NULL ? 0 : id_table_find_far(table, id);
}

/* For an id that is not yet defined. */
void id_table_define(struct id_table *table, uint32_t id, uint32_t index);

void id_table_clear(struct id_table *table);

#endif
