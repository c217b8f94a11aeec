/* What the library keeps for each thread. Its address stands for the thread: no other live thread has the same.
 *
 * In the first block of thread-local storage, so that its address costs one addition also in the shared library. */
#ifndef LOCKORDER_PRIMITIVES_SELF_H
#define LOCKORDER_PRIMITIVES_SELF_H

#include <semaphore.h>
#include <stdbool.h>

struct lockorder_claim;
struct lockorder_thread;

struct self {
    sem_t semaphore;                   /* where the thread sleeps in waiter.c; on Linux it holds nothing that had to be destroyed */
    bool has_semaphore;                /* initialised at the first wait */
    struct lockorder_claim *claims;    /* of ordered.c, innermost first */
    struct lockorder_thread *running;  /* of thread.c; NULL in threads that were not started there */
};

extern _Thread_local struct self self __attribute__((visibility("hidden"), tls_model("initial-exec")));

#endif
