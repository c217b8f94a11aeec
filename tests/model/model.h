/* All interleavings of two or three threads, one atomic access at a time.
 *
 * The recorder's own sources are compiled with each __atomic built-in as a point at which another thread may go on; the threads
 * are coroutines of one. Each run follows a schedule to its end; the next one differs in the last choice that has another answer.
 * Schedules with more than so many preemptions are left out: Musuvathi and Qadeer, "Iterative Context Bounding for Systematic
 * Testing of Multithreaded Programs", PLDI 2007. What memory does between processors is not modelled: accesses happen in the
 * order of the code. */
#ifndef LOCKORDER_TESTS_MODEL_H
#define LOCKORDER_TESTS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum { MODEL_MOST_ACTORS = 3 };

struct model {
    const char *name;
    void (*reset)(void);
    void (*actors[MODEL_MOST_ACTORS])(void);
    unsigned actor_count;
    unsigned preemptions;       /* at most, in one schedule */
    const char *(*wrong)(void); /* at the end of a schedule; NULL: nothing. May be NULL */
    const char *(*stuck)(void); /* where all wait; NULL: that may be. May be NULL: it may not */
    bool broken;                /* a mistake was made on purpose: some schedule must find it */
};

/* True when all schedules end well, or one does not where that is expected. Prints how many there were, and a schedule that went
 * wrong. */
bool model_holds(const struct model *model);

/* In an actor: another one may go on here. */
void model_step(void);

/* In an actor: its number, from 0. */
unsigned model_actor(void);

/* In an actor: this schedule is wrong. */
void model_fail(const char *why);

/* In an actor, for what waits in the kernel: sleeps while *word is `expected`, until model_wake. */
void model_wait(const uint32_t *word, uint32_t expected);
void model_wake(const uint32_t *word, unsigned count);

#endif
