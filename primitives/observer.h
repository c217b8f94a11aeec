/* How waits for several futures learn that one is done. */
#ifndef LOCKORDER_PRIMITIVES_OBSERVER_H
#define LOCKORDER_PRIMITIVES_OBSERVER_H

#include <lockorder/future.h>

/* Linked and called with the future's mutex held, so that it can be taken off at any time. */
struct lockorder_observer {
    struct lockorder_observer *next;
    struct lockorder_observer *previous;
    struct lockorder_future *future;
    struct lockorder_queue *done; /* where the future is put; it has room */
    bool linked;
};

/* The future is put into the queue once it is done, or now if it is. */
void observer_enter(struct lockorder_observer *observer, struct lockorder_future *future, struct lockorder_queue *done);

/* After this, nothing is put any more. */
void observer_leave(struct lockorder_observer *observer);

#endif
