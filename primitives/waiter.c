#include "waiter.h"

#include <errno.h>
#include <stddef.h>

#include "self.h"
#include "stop_wait.h"

static sem_t *own_semaphore(void)
{
    if (!self.has_semaphore) {
        sem_init(&self.semaphore, 0, 0);
        self.has_semaphore = true;
    }
    return &self.semaphore;
}

static void append(struct lockorder_wait_list *list, struct lockorder_waiter *waiter)
{
    waiter->next = NULL;
    waiter->previous = list->last;
    if (list->last != NULL)
        list->last->next = waiter;
    else
        list->first = waiter;
    list->last = waiter;
    list->length++;
}

static void take_off(struct lockorder_wait_list *list, struct lockorder_waiter *waiter)
{
    if (waiter->previous != NULL)
        waiter->previous->next = waiter->next;
    else
        list->first = waiter->next;
    if (waiter->next != NULL)
        waiter->next->previous = waiter->previous;
    else
        list->last = waiter->previous;
    list->length--;
}

static void sleep_until_posted(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0) /* EINTR: a signal handler has run */
        ;
}

/* Whether it was posted before the limit's time. */
static bool sleep_until_limit(sem_t *semaphore, const struct lockorder_limit *limit)
{
    if (!limit->timed) {
        sleep_until_posted(semaphore);
        return true;
    }
    while (sem_clockwait(semaphore, CLOCK_MONOTONIC, &limit->deadline) != 0)
        if (errno != EINTR)
            return false;
    return true;
}

/* The mutex is released at each return. Also after a release in time the mutex is taken once more, since not every checker knows
 * sem_clockwait: they see by the mutex that what the releaser did came first. */
static int wait_limited(struct lockorder_wait_list *list, struct lockorder_waiter *waiter, pthread_mutex_t *mutex,
                        const struct lockorder_limit *limit)
{
    struct lockorder_stop_wait stop_wait;
    if (limit->stop != NULL && !stop_wait_enter(limit->stop, &stop_wait, waiter->semaphore)) {
        take_off(list, waiter);
        pthread_mutex_unlock(mutex);
        return ECANCELED;
    }
    pthread_mutex_unlock(mutex);
    bool posted = sleep_until_limit(waiter->semaphore, limit);

    pthread_mutex_lock(mutex);
    bool released = waiter->released;
    if (!released)
        take_off(list, waiter);
    pthread_mutex_unlock(mutex);
    bool stopped = limit->stop != NULL && stop_wait_leave(limit->stop, &stop_wait);

    for (int posts = released + stopped - posted; posts > 0; posts--)
        sleep_until_posted(waiter->semaphore);
    return released ? 0 : stopped ? ECANCELED : ETIMEDOUT;
}

int wait_list_wait(struct lockorder_wait_list *list, struct lockorder_waiter *waiter, pthread_mutex_t *mutex,
                   const struct lockorder_limit *limit)
{
    waiter->semaphore = own_semaphore();
    waiter->released = false;
    append(list, waiter);
    if (limit != NULL)
        return wait_limited(list, waiter, mutex, limit);
    sem_t *semaphore = waiter->semaphore;
    pthread_mutex_unlock(mutex);
    sleep_until_posted(semaphore);
    return 0;
}

int lockorder_sleep(const struct lockorder_limit *limit)
{
    if (limit == NULL || (!limit->timed && limit->stop == NULL))
        return EINVAL;
    sem_t *semaphore = own_semaphore();
    struct lockorder_stop_wait stop_wait;
    if (limit->stop != NULL && !stop_wait_enter(limit->stop, &stop_wait, semaphore))
        return ECANCELED;
    bool posted = sleep_until_limit(semaphore, limit);
    bool stopped = limit->stop != NULL && stop_wait_leave(limit->stop, &stop_wait);
    if (stopped && !posted)
        sleep_until_posted(semaphore);
    return stopped ? ECANCELED : 0;
}

void wait_list_take(struct lockorder_wait_list *list, struct lockorder_waiter *waiter)
{
    take_off(list, waiter);
    waiter->next = NULL;
    waiter->released = true;
}

struct lockorder_waiter *wait_list_take_first(struct lockorder_wait_list *list)
{
    struct lockorder_waiter *waiter = list->first;
    if (waiter != NULL)
        wait_list_take(list, waiter);
    return waiter;
}

struct lockorder_waiter *wait_list_take_all(struct lockorder_wait_list *list)
{
    struct lockorder_waiter *first = list->first;
    for (struct lockorder_waiter *waiter = first; waiter != NULL; waiter = waiter->next)
        waiter->released = true;
    *list = (struct lockorder_wait_list){NULL, NULL, 0};
    return first;
}

void waiter_wake(struct lockorder_waiter *waiter)
{
    if (waiter != NULL)
        sem_post(waiter->semaphore);
}

void waiter_wake_all(struct lockorder_waiter *first)
{
    while (first != NULL) {
        struct lockorder_waiter *next = first->next; /* the waiter is gone once it is woken */
        waiter_wake(first);
        first = next;
    }
}
