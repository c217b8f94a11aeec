#include <lockorder/stop.h>

#include <errno.h>
#include <stddef.h>

#include "sleeping_place.h"
#include "stop_wait.h"

int lockorder_stop_init(struct lockorder_stop *stop)
{
    stop->waits = NULL;
    stop->requested = 0;
    return pthread_mutex_init(&stop->mutex, NULL);
}

int lockorder_stop_destroy(struct lockorder_stop *stop)
{
    pthread_mutex_lock(&stop->mutex);
    bool in_use = stop->waits != NULL;
    pthread_mutex_unlock(&stop->mutex);
    return in_use ? EBUSY : pthread_mutex_destroy(&stop->mutex);
}

void lockorder_stop_request(struct lockorder_stop *stop)
{
    pthread_mutex_lock(&stop->mutex);
    if (!lockorder_stop_is_requested(stop)) {
        __atomic_store_n(&stop->requested, 1, __ATOMIC_RELEASE);
        for (struct lockorder_stop_wait *wait = stop->waits; wait != NULL; wait = wait->next)
            place_wake(wait->place, &wait->requested);
    }
    pthread_mutex_unlock(&stop->mutex);
}

bool lockorder_stop_is_requested(const struct lockorder_stop *stop)
{
    return __atomic_load_n(&stop->requested, __ATOMIC_ACQUIRE) != 0;
}

bool stop_wait_enter(struct lockorder_stop *stop, struct lockorder_stop_wait *wait, struct sleeping_place *place)
{
    pthread_mutex_lock(&stop->mutex);
    bool requested = lockorder_stop_is_requested(stop);
    if (!requested) {
        *wait = (struct lockorder_stop_wait){.next = stop->waits, .place = place};
        if (stop->waits != NULL)
            stop->waits->previous = wait;
        stop->waits = wait;
    }
    pthread_mutex_unlock(&stop->mutex);
    return !requested;
}

void stop_wait_leave(struct lockorder_stop *stop, struct lockorder_stop_wait *wait)
{
    pthread_mutex_lock(&stop->mutex);
    if (wait->previous != NULL)
        wait->previous->next = wait->next;
    else
        stop->waits = wait->next;
    if (wait->next != NULL)
        wait->next->previous = wait->previous;
    pthread_mutex_unlock(&stop->mutex);
}
