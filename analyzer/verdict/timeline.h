/* What the threads of one process did, on one line: the calls of their histories, in an order in which they can have happened,
 * each with what a proof asks of it.
 *
 *     call       what a thread did: took a lock, released it, ...
 *     position   of a call on the timeline, 1, 2, ...; 0 is none
 *     object     a lock, or anything else that threads meet at, by its address; two lives of an address are one object here,
 * which asks more of a proof, never less */
#ifndef LOCKORDER_ANALYZER_VERDICT_TIMELINE_H
#define LOCKORDER_ANALYZER_VERDICT_TIMELINE_H

#include "world.h"

enum timeline_kind {
    TIMELINE_NOTHING, /* says nothing more: a recursive lock was taken again */
    TIMELINE_ACQUIRE,
    TIMELINE_RELEASE,
    TIMELINE_GIVE, /* what came before it in the thread, */
    TIMELINE_TAKE, /* comes before this one of the same object, as do releases of it */
    TIMELINE_FAIL, /* a lock could not be had since another thread had it */
};

struct timeline_call {
    struct context_id context;
    uint32_t thread;  /* 0, 1, ... */
    uint32_t index;   /* in its thread, 0, 1, ... */
    uint32_t object;  /* 0, 1, ... */
    uint32_t partner; /* position: of an acquisition its release, of a release its acquisition, of a FAIL what is in its way */
    uint32_t below;   /* position: of an acquisition, the one that the thread made last before, of those it had not released */
    uint8_t kind;     /* enum timeline_kind */
    uint8_t mode;     /* enum trace_mode */
};

struct timeline_thread {
    struct thread_id thread;
    uint32_t *positions; /* of its calls */
    uint32_t count;
};

struct timeline_object {
    uint64_t address;
    uint32_t *acquisitions; /* positions, in order */
    uint32_t acquisition_count;
    uint32_t *gifts; /* positions of releases and GIVEs, in order */
    uint32_t gift_count;
};

struct timeline {
    struct timeline_call *calls; /* by position; [0] is a dummy */
    uint32_t call_count;         /* with the dummy */
    struct timeline_thread *threads;
    uint32_t thread_count;
    struct timeline_object *objects;
    uint32_t object_count;
    struct object_entry *by_address;
};

/* Of the histories in the world that are of this process. The caller frees it. */
struct timeline *timeline_new(const struct world *world, struct process_id process);
void timeline_free(struct timeline *timeline);

/* NULL: no call is about it. */
const struct timeline_object *timeline_find_object(const struct timeline *timeline, uint64_t address);

/* Whether the thread of the call at `position`, just before it, still had what it had acquired at `acquisition`. */
bool timeline_is_held_at(const struct timeline *timeline, uint32_t acquisition, uint32_t position);

#endif
