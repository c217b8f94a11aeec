/* What a waiting call and a stop owe each other. */
#ifndef LOCKORDER_PRIMITIVES_STOP_WAIT_H
#define LOCKORDER_PRIMITIVES_STOP_WAIT_H

#include <semaphore.h>
#include <stdbool.h>

#include <lockorder/stop.h>

/* One blocked call. Protected by the stop's mutex. */
struct lockorder_stop_wait {
    struct lockorder_stop_wait *next;
    struct lockorder_stop_wait *previous;
    sem_t *semaphore;
    bool posted; /* the stop has posted the semaphore */
};

/* Has the semaphore posted when a stop is requested. False: it was requested already, and nothing was entered. */
bool stop_wait_enter(struct lockorder_stop *stop, struct lockorder_stop_wait *wait, sem_t *semaphore);

/* After this, the stop does not post any more. Returns whether it has. */
bool stop_wait_leave(struct lockorder_stop *stop, struct lockorder_stop_wait *wait);

#endif
