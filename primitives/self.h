/* What the library keeps for each thread. What is initialised here is never destroyed: on Linux it holds nothing but its own memory. */
#ifndef LOCKORDER_PRIMITIVES_SELF_H
#define LOCKORDER_PRIMITIVES_SELF_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

struct lockorder_claim;
struct lockorder_thread;

/* Where a thread sleeps: see waiter.h. */
struct sleeping_place {
    sem_t semaphore;       /* without limit */
    pthread_mutex_t mutex; /* with one: a condition on CLOCK_MONOTONIC, and what is awaited is protected by the mutex */
    pthread_cond_t condition;
    bool ready; /* initialised at the first use */
};

struct self {
    struct sleeping_place place;
    struct lockorder_claim *claims;   /* of ordered.c, innermost first */
    struct lockorder_thread *running; /* of thread.c; NULL in threads that were not started there */
    const void *serves;               /* the thread pool or the timer whose thread it is; NULL: none */
};

extern _Thread_local struct self self __attribute__((visibility("hidden"), tls_model("initial-exec")));

/* Stands for the calling thread: no other live thread has the same. It is the thread pointer, which is one load; and it is loaded
 * anew each time, which costs less than keeping it in a register over the call that takes a lock. */
static inline const void *this_thread(void)
{
    const void *pointer;
    __asm__ volatile("movq %%fs:0, %0" : "=r"(pointer));
    return pointer;
}

#endif
