/* What is in a queue: a ring of entries, or a binary heap. The queue's mutex is held. The ring is inline: it is what nearly every put
 * and get does besides the mutex. */
#ifndef LOCKORDER_PRIMITIVES_QUEUE_ENTRIES_H
#define LOCKORDER_PRIMITIVES_QUEUE_ENTRIES_H

#include <lockorder/queue.h>

struct lockorder_queue_entry {
    void *item;
    uint64_t put; /* the how-manieth put; in heaps */
};

/* Doubles the room. ENOMEM. */
int queue_entries_grow(struct lockorder_queue *queue);

void queue_heap_add(struct lockorder_queue *queue, void *item);
void *queue_heap_take(struct lockorder_queue *queue);

/* Room for one entry more. ENOMEM; never of a bounded queue that is not full. */
static inline int queue_entries_make_room(struct lockorder_queue *queue)
{
    return queue->size < queue->allocated ? 0 : queue_entries_grow(queue);
}

/* Place of the i-th entry of the ring. No division, which would cost more than all the rest. */
static inline size_t queue_ring_place(const struct lockorder_queue *queue, size_t i)
{
    size_t to_end = queue->allocated - queue->first;
    return i < to_end ? queue->first + i : i - to_end;
}

/* There is room. */
static inline void queue_entries_add(struct lockorder_queue *queue, void *item)
{
    if (queue->compare != NULL)
        queue_heap_add(queue, item);
    else
        queue->entries[queue_ring_place(queue, queue->size++)].item = item;
}

/* The queue is not empty. Which item comes next depends on the kind. */
static inline void *queue_entries_take(struct lockorder_queue *queue)
{
    if (queue->compare != NULL)
        return queue_heap_take(queue);
    if (queue->kind == LOCKORDER_LIFO)
        return queue->entries[queue_ring_place(queue, --queue->size)].item;
    void *item = queue->entries[queue->first].item;
    queue->first = queue_ring_place(queue, 1);
    queue->size--;
    return item;
}

#endif
