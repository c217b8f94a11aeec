/* Binary heap: Williams, "Algorithm 232: Heapsort" (1964). Entries that compare equal are ordered by when they were put, which makes
 * the order total, and so the heap stable. */
#include "queue_entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

/* Where the ring wraps around, what came round to the front is moved behind the former end. */
int queue_entries_grow(struct lockorder_queue *queue)
{
    size_t room = queue->allocated > 0 ? 2 * queue->allocated : FIRST_ROOM;
    struct lockorder_queue_entry *entries = reallocarray(queue->entries, room, sizeof *entries);
    if (entries == NULL)
        return ENOMEM;
    memcpy(entries + queue->allocated, entries, queue->first * sizeof *entries);
    queue->entries = entries;
    queue->allocated = room;
    return 0;
}

static bool comes_before(const struct lockorder_queue *queue, const struct lockorder_queue_entry *entry,
                         const struct lockorder_queue_entry *other)
{
    int order = queue->compare(entry->item, other->item);
    return order != 0 ? order < 0 : entry->put < other->put;
}

void queue_heap_add(struct lockorder_queue *queue, void *item)
{
    struct lockorder_queue_entry added = {item, queue->puts++};
    struct lockorder_queue_entry *heap = queue->entries;
    size_t place = queue->size++;
    while (place > 0) {
        size_t parent = (place - 1) / 2;
        if (!comes_before(queue, &added, &heap[parent]))
            break;
        heap[place] = heap[parent];
        place = parent;
    }
    heap[place] = added;
}

void *queue_heap_take(struct lockorder_queue *queue)
{
    struct lockorder_queue_entry *heap = queue->entries;
    void *item = heap[0].item;
    struct lockorder_queue_entry last = heap[--queue->size];
    size_t place = 0;
    for (size_t child = 1; child < queue->size; child = 2 * place + 1) {
        if (child + 1 < queue->size && comes_before(queue, &heap[child + 1], &heap[child]))
            child++;
        if (comes_before(queue, &last, &heap[child]))
            break;
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = last;
    return item;
}
