#include <lockorder/barrier.h>

#include <errno.h>
#include <stddef.h>

#include "annotation.h"
#include "waiter.h"

int lockorder_barrier_init(struct lockorder_barrier *barrier, unsigned parties, int (*action)(void *closure), void *closure,
                           const char *name)
{
    if (parties == 0)
        return EINVAL;
    *barrier = (struct lockorder_barrier){.parties = parties, .action = action, .closure = closure};
    int error = pthread_mutex_init(&barrier->mutex, NULL);
    if (error == 0)
        annotate_lock(&barrier->mutex, name, "barrier");
    return error;
}

int lockorder_barrier_destroy(struct lockorder_barrier *barrier)
{
    return lockorder_barrier_waiting(barrier) > 0 ? EBUSY : pthread_mutex_destroy(&barrier->mutex);
}

/* Wakes waiters that have been taken off, all with one outcome. */
static void dismiss(struct lockorder_waiter *first, int outcome)
{
    for (struct lockorder_waiter *waiter = first; waiter != NULL; waiter = waiter->next)
        waiter->outcome = outcome;
    waiter_wake_tree(first);
}

/* Breaks it or makes it new, and sends away those who wait. Called with the mutex, which it releases. */
static void end_waits(struct lockorder_barrier *barrier, bool broken)
{
    barrier->broken = broken;
    struct lockorder_waiter *waiters = wait_list_take_all(&barrier->waiting);
    pthread_mutex_unlock(&barrier->mutex);
    dismiss(waiters, ENOTRECOVERABLE);
}

/* A wait has ended by its limit, or the action has failed: that breaks the barrier, unless it was reset meanwhile. */
static void give_up(struct lockorder_barrier *barrier, unsigned resets)
{
    pthread_mutex_lock(&barrier->mutex);
    if (barrier->resets == resets)
        end_waits(barrier, true);
    else
        pthread_mutex_unlock(&barrier->mutex);
}

/* All are there: the waiting ones belong to this meeting, and whoever comes during the action to the next. Called with the mutex,
 * which it releases. */
static int meet(struct lockorder_barrier *barrier)
{
    struct lockorder_waiter *others = wait_list_take_all(&barrier->waiting);
    unsigned resets = barrier->resets;
    pthread_mutex_unlock(&barrier->mutex);
    int error = barrier->action != NULL ? barrier->action(barrier->closure) : 0;
    if (error != 0)
        give_up(barrier, resets);
    dismiss(others, error == 0 ? 0 : ENOTRECOVERABLE);
    return error;
}

int lockorder_barrier_wait(struct lockorder_barrier *barrier, unsigned *index)
{
    return lockorder_barrier_wait_within(barrier, index, NULL);
}

int lockorder_barrier_wait_within(struct lockorder_barrier *barrier, unsigned *index, const struct lockorder_limit *limit)
{
    pthread_mutex_lock(&barrier->mutex);
    if (barrier->broken) {
        pthread_mutex_unlock(&barrier->mutex);
        return ENOTRECOVERABLE;
    }
    unsigned came_before = barrier->waiting.length;
    if (index != NULL)
        *index = came_before;
    if (came_before == barrier->parties - 1)
        return meet(barrier);
    unsigned resets = barrier->resets;
    struct lockorder_waiter waiter;
    int error = wait_list_wait(&barrier->waiting, &waiter, &barrier->mutex, limit);
    if (error == 0) {
        waiter_wake_children(&waiter);
        return waiter.outcome;
    }
    give_up(barrier, resets);
    return error;
}

void lockorder_barrier_abort(struct lockorder_barrier *barrier)
{
    pthread_mutex_lock(&barrier->mutex);
    end_waits(barrier, true);
}

void lockorder_barrier_reset(struct lockorder_barrier *barrier)
{
    pthread_mutex_lock(&barrier->mutex);
    barrier->resets++;
    end_waits(barrier, false);
}

bool lockorder_barrier_is_broken(struct lockorder_barrier *barrier)
{
    pthread_mutex_lock(&barrier->mutex);
    bool broken = barrier->broken;
    pthread_mutex_unlock(&barrier->mutex);
    return broken;
}

unsigned lockorder_barrier_waiting(struct lockorder_barrier *barrier)
{
    pthread_mutex_lock(&barrier->mutex);
    unsigned waiting = barrier->waiting.length;
    pthread_mutex_unlock(&barrier->mutex);
    return waiting;
}
