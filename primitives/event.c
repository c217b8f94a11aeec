#include <lockorder/event.h>

#include <errno.h>

#include "annotation.h"
#include "waiter.h"

int lockorder_event_init(struct lockorder_event *event, const char *name)
{
    *event = (struct lockorder_event){.set = false};
    int error = pthread_mutex_init(&event->mutex, NULL);
    if (error == 0)
        annotate_lock(&event->mutex, name, "event");
    return error;
}

int lockorder_event_destroy(struct lockorder_event *event)
{
    pthread_mutex_lock(&event->mutex);
    bool in_use = !wait_list_is_empty(&event->waiting);
    pthread_mutex_unlock(&event->mutex);
    return in_use ? EBUSY : pthread_mutex_destroy(&event->mutex);
}

void lockorder_event_set(struct lockorder_event *event)
{
    pthread_mutex_lock(&event->mutex);
    event->set = true;
    struct lockorder_waiter *woken = wait_list_take_all(&event->waiting);
    pthread_mutex_unlock(&event->mutex);
    waiter_wake_all(woken);
}

void lockorder_event_clear(struct lockorder_event *event)
{
    pthread_mutex_lock(&event->mutex);
    event->set = false;
    pthread_mutex_unlock(&event->mutex);
}

bool lockorder_event_is_set(struct lockorder_event *event)
{
    pthread_mutex_lock(&event->mutex);
    bool set = event->set;
    pthread_mutex_unlock(&event->mutex);
    return set;
}

int lockorder_event_wait(struct lockorder_event *event)
{
    return lockorder_event_wait_within(event, NULL);
}

int lockorder_event_wait_within(struct lockorder_event *event, const struct lockorder_limit *limit)
{
    struct lockorder_waiter waiter;
    pthread_mutex_lock(&event->mutex);
    if (!event->set)
        return wait_list_wait(&event->waiting, &waiter, &event->mutex, limit);
    pthread_mutex_unlock(&event->mutex);
    return 0;
}
