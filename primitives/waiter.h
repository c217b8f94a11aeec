/* How every blocking call of the library sleeps, except for those of locks, read-write locks and semaphores.
 *
 * An object keeps a list of its waiters, protected by its mutex. A waiter lies on the stack of the blocked call and names the place
 * where its thread sleeps. To release a waiter means: under the mutex, write what it shall know and take it off the list; after the
 * mutex, wake it. So
 * - exactly those wake who shall, first come first served, and no notification is lost or stolen: there is no herd;
 * - a waiter that wakes has what it waited for, and need not take the mutex again: there is no convoy;
 * - once the mutex is released, the releaser touches no more than the waiters, so the object may be destroyed by whom it woke.
 *
 * A waiter whose limit ends the wait takes the mutex to see whether it has been released meanwhile; then the release counts, and it
 * waits for the waking that is on its way.
 *
 * Without a limit, threads sleep on a semaphore: one waking is one atomic addition and one system call. With a limit, they sleep on a
 * condition: the clock of a semaphore's timed wait cannot be chosen by any call that ThreadSanitizer and Helgrind know. */
#ifndef LOCKORDER_PRIMITIVES_WAITER_H
#define LOCKORDER_PRIMITIVES_WAITER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <lockorder/limit.h>
#include <lockorder/wait_list.h>

struct sleeping_place;

/* Protected by the mutex of the object until it is released; then it is the releaser's until it is woken. */
struct lockorder_waiter {
    struct lockorder_waiter *next;
    struct lockorder_waiter *previous;
    struct sleeping_place *place;
    struct lockorder_waiter *child; /* see waiter_wake_tree */
    void *item;    /* what is handed over, by the waiter or to it */
    int outcome;   /* what the releaser says */
    bool released; /* off the list: a waking is certain */
    bool limited;  /* where it sleeps in its place */
    bool woken;    /* of limited ones; protected by the place's mutex */
};

static inline bool wait_list_is_empty(const struct lockorder_wait_list *list)
{
    return list->first == NULL;
}

/* Called with the object's mutex held; returns without it. 0: released. Else the limit ended the wait, and the waiter is off the
 * list: ETIMEDOUT or ECANCELED. The caller may have set the waiter's item and outcome; the rest is set here. */
int wait_list_wait(struct lockorder_wait_list *list, struct lockorder_waiter *waiter, pthread_mutex_t *mutex,
                   const struct lockorder_limit *limit);

/* Takes off the list a certain waiter, or the one that waits longest (NULL: nobody), or all, linked by `next`. The mutex is held.
 * Each must be woken, soon, and is gone once it is. */
void wait_list_take(struct lockorder_wait_list *list, struct lockorder_waiter *waiter);
struct lockorder_waiter *wait_list_take_all(struct lockorder_wait_list *list);

static inline struct lockorder_waiter *wait_list_take_first(struct lockorder_wait_list *list)
{
    struct lockorder_waiter *waiter = list->first;
    if (waiter != NULL)
        wait_list_take(list, waiter);
    return waiter;
}

/* Best without the mutex. All: linked by `next`; NULL: nobody. */
void waiter_wake(struct lockorder_waiter *waiter);
void waiter_wake_all(struct lockorder_waiter *first);

/* Wakes all, with their help: the first; each, when it has woken, wakes two others by waiter_wake_children, so all are woken after
 * log(n) steps, on all processors, instead of n steps on this one. For waiters that are peers: one that is late to run delays others. */
void waiter_wake_tree(struct lockorder_waiter *first);
void waiter_wake_children(struct lockorder_waiter *waiter);

#endif
