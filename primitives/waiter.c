#include "waiter.h"

#include <errno.h>

#include "sleeping_place.h"
#include "stop_wait.h"

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

/* The limit has ended the wait, unless a release was faster. */
static int give_up(struct lockorder_wait_list *list, struct lockorder_waiter *waiter, pthread_mutex_t *mutex, int error)
{
    pthread_mutex_lock(mutex);
    bool released = waiter->released;
    if (!released)
        take_off(list, waiter);
    pthread_mutex_unlock(mutex);
    if (!released)
        return error;
    const struct lockorder_limit none = {.timed = false};
    place_sleep(waiter->place, &waiter->woken, NULL, &none);
    return 0;
}

static int wait_limited(struct lockorder_wait_list *list, struct lockorder_waiter *waiter, pthread_mutex_t *mutex,
                        const struct lockorder_limit *limit)
{
    struct lockorder_stop_wait stop_wait = {.requested = false};
    if (limit->stop != NULL && !stop_wait_enter(limit->stop, &stop_wait, waiter->place)) {
        take_off(list, waiter);
        pthread_mutex_unlock(mutex);
        return ECANCELED;
    }
    pthread_mutex_unlock(mutex);
    enum wake_reason reason = place_sleep(waiter->place, &waiter->woken, &stop_wait.requested, limit);
    if (limit->stop != NULL)
        stop_wait_leave(limit->stop, &stop_wait);
    if (reason == WOKEN)
        return 0;
    return give_up(list, waiter, mutex, reason == STOPPED ? ECANCELED : ETIMEDOUT);
}

int wait_list_wait(struct lockorder_wait_list *list, struct lockorder_waiter *waiter, pthread_mutex_t *mutex,
                   const struct lockorder_limit *limit)
{
    waiter->place = own_place();
    waiter->released = false;
    waiter->woken = false;
    waiter->limited = limit != NULL;
    append(list, waiter);
    if (limit != NULL)
        return wait_limited(list, waiter, mutex, limit);
    pthread_mutex_unlock(mutex);
    place_sleep_unlimited(waiter->place);
    return 0;
}

int lockorder_sleep(const struct lockorder_limit *limit)
{
    if (limit == NULL || (!limit->timed && limit->stop == NULL))
        return EINVAL;
    struct sleeping_place *place = own_place();
    struct lockorder_stop_wait stop_wait = {.requested = false};
    if (limit->stop != NULL && !stop_wait_enter(limit->stop, &stop_wait, place))
        return ECANCELED;
    enum wake_reason reason = place_sleep(place, NULL, &stop_wait.requested, limit);
    if (limit->stop != NULL)
        stop_wait_leave(limit->stop, &stop_wait);
    return reason == STOPPED ? ECANCELED : 0;
}

void wait_list_take(struct lockorder_wait_list *list, struct lockorder_waiter *waiter)
{
    take_off(list, waiter);
    waiter->next = NULL;
    waiter->released = true;
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
    if (waiter->limited)
        place_wake(waiter->place, &waiter->woken);
    else
        sem_post(&waiter->place->semaphore);
}

void waiter_wake_all(struct lockorder_waiter *first)
{
    while (first != NULL) {
        struct lockorder_waiter *next = first->next; /* the waiter is gone once it is woken */
        waiter_wake(first);
        first = next;
    }
}

/* As in a binary heap: the children of the i-th in the list are the (2i + 1)-th and the one after it. */
void waiter_wake_tree(struct lockorder_waiter *first)
{
    struct lockorder_waiter *child = first != NULL ? first->next : NULL;
    for (struct lockorder_waiter *parent = first; parent != NULL; parent = parent->next) {
        parent->child = child;
        if (child != NULL)
            child = child->next;
        if (child != NULL)
            child = child->next;
    }
    if (first != NULL)
        waiter_wake(first);
}

void waiter_wake_children(struct lockorder_waiter *waiter)
{
    struct lockorder_waiter *first = waiter->child;
    struct lockorder_waiter *second = first != NULL ? first->next : NULL;
    if (first != NULL)
        waiter_wake(first);
    if (second != NULL)
        waiter_wake(second);
}
