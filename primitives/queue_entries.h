/* What is in a queue: a ring of entries, or a binary heap. The queue's mutex is held. */
#ifndef LOCKORDER_PRIMITIVES_QUEUE_ENTRIES_H
#define LOCKORDER_PRIMITIVES_QUEUE_ENTRIES_H

#include <lockorder/queue.h>

struct lockorder_queue_entry {
    void *item;
    uint64_t put; /* the how-manieth put; in heaps */
};

/* Room for one entry more. ENOMEM; never of a bounded queue that is not full. */
int queue_entries_make_room(struct lockorder_queue *queue);

/* There is room. */
void queue_entries_add(struct lockorder_queue *queue, void *item);

/* The queue is not empty. Which item comes next depends on the kind. */
void *queue_entries_take(struct lockorder_queue *queue);

#endif
