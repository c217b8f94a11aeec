/* A world that tests build by hand: things are named, and made when first named. notation.h writes such worlds down. */
#ifndef LOCKORDER_TESTS_SMALL_WORLD_H
#define LOCKORDER_TESTS_SMALL_WORLD_H

#include "verdict/fingerprint.h"
#include "world.h"

/* A thread, and what it is doing. */
struct actor {
    struct segment_id segment; /* the current one; none before it has begun */
    struct held_lock *held;
    uint32_t held_count;
};

struct small_world {
    struct world *world;
    struct actor *actors; /* by thread */
    char **lock_names;    /* by lock */
    char **functions;     /* a frame's address is its function's place in here */
    uint32_t function_count;
};

/* Locks lie in memory in the order in which they are made, so far apart. */
enum { SMALL_WORLD_LOCK_SIZE = 64 };

struct small_world *small_world_new(void);
void small_world_free(struct small_world *small);

struct thread_id small_world_thread(struct small_world *small, const char *name);
struct lock_id small_world_lock(struct small_world *small, const char *name);

/* A stack of one frame. */
struct context_id small_world_context(struct small_world *small, const char *function);

/* The thread goes on in a new segment. */
void small_world_begin_segment(struct small_world *small, struct thread_id thread, struct segment segment);

/* The thread, in its current segment, with what it holds, waited so many times for this lock. */
void small_world_wait(struct small_world *small, struct thread_id thread, struct held_lock wanted, uint32_t flags,
                      uint64_t count);

/* Callbacks of the verdict; the closure is the small world. */
const char *small_world_function_name(void *small, struct frame frame);
const char *small_world_lock_name(void *small, struct lock_id lock);
struct fingerprint_names small_world_names(struct small_world *small);

#endif
