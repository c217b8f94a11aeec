/* What a waiting call and a stop owe each other. */
#ifndef LOCKORDER_PRIMITIVES_STOP_WAIT_H
#define LOCKORDER_PRIMITIVES_STOP_WAIT_H

#include <stdbool.h>

#include <lockorder/stop.h>

struct sleeping_place;

/* One call that waits with a limit. */
struct lockorder_stop_wait {
    struct lockorder_stop_wait *next; /* these two are protected by the stop's mutex */
    struct lockorder_stop_wait *previous;
    struct sleeping_place *place;
    bool requested; /* protected by the place's mutex */
};

/* Has the place woken when a stop is requested. False: it was requested already, and nothing was entered. */
bool stop_wait_enter(struct lockorder_stop *stop, struct lockorder_stop_wait *wait, struct sleeping_place *place);

/* After this, the stop does not wake any more. */
void stop_wait_leave(struct lockorder_stop *stop, struct lockorder_stop_wait *wait);

#endif
