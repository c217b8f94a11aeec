#include <errno.h>
#include <stdlib.h>

#include "observer.h"
#include "waiter.h"

enum future_state { PENDING, RUNNING, DONE };

struct callback {
    struct callback *next;
    void (*function)(void *closure, struct lockorder_future *future);
    void *closure;
};

struct lockorder_future {
    pthread_mutex_t mutex; /* protects all */
    struct lockorder_wait_list waiting;
    struct lockorder_observer *observers;
    struct callback *callbacks;
    struct callback **last_callback;
    unsigned references;
    enum future_state state;
    int error;
    void *result;
};

int lockorder_future_create(struct lockorder_future **future)
{
    struct lockorder_future *created = calloc(1, sizeof *created);
    if (created == NULL)
        return ENOMEM;
    created->references = 1;
    created->last_callback = &created->callbacks;
    pthread_mutex_init(&created->mutex, NULL);
    *future = created;
    return 0;
}

void lockorder_future_retain(struct lockorder_future *future)
{
    pthread_mutex_lock(&future->mutex);
    future->references++;
    pthread_mutex_unlock(&future->mutex);
}

static void free_callbacks(struct callback *callbacks)
{
    while (callbacks != NULL) {
        struct callback *next = callbacks->next;
        free(callbacks);
        callbacks = next;
    }
}

void lockorder_future_release(struct lockorder_future *future)
{
    pthread_mutex_lock(&future->mutex);
    bool last = --future->references == 0;
    pthread_mutex_unlock(&future->mutex);
    if (!last)
        return;
    pthread_mutex_destroy(&future->mutex);
    free_callbacks(future->callbacks); /* of a future that was never completed */
    free(future);
}

int lockorder_future_begin(struct lockorder_future *future)
{
    pthread_mutex_lock(&future->mutex);
    int error = future->state == PENDING ? 0 : future->state == DONE && future->error == ECANCELED ? ECANCELED : EALREADY;
    if (error == 0)
        future->state = RUNNING;
    pthread_mutex_unlock(&future->mutex);
    return error;
}

static void call_callbacks(struct lockorder_future *future, struct callback *callbacks)
{
    for (struct callback *callback = callbacks; callback != NULL; callback = callback->next)
        callback->function(callback->closure, future);
    free_callbacks(callbacks);
}

static void tell_observers(struct lockorder_future *future)
{
    for (struct lockorder_observer *observer = future->observers; observer != NULL; observer = observer->next) {
        observer->linked = false;
        lockorder_queue_try_put(observer->done, future);
    }
    future->observers = NULL;
}

/* With the mutex, which it releases. */
static void complete(struct lockorder_future *future, void *result, int error)
{
    future->state = DONE;
    future->result = result;
    future->error = error;
    tell_observers(future);
    struct lockorder_waiter *waiters = wait_list_take_all(&future->waiting);
    struct callback *callbacks = future->callbacks;
    future->callbacks = NULL;
    pthread_mutex_unlock(&future->mutex);
    waiter_wake_all(waiters);
    call_callbacks(future, callbacks);
}

int lockorder_future_complete(struct lockorder_future *future, void *result, int error)
{
    pthread_mutex_lock(&future->mutex);
    if (future->state == DONE) {
        pthread_mutex_unlock(&future->mutex);
        return EALREADY;
    }
    complete(future, result, error);
    return 0;
}

int lockorder_future_cancel(struct lockorder_future *future)
{
    pthread_mutex_lock(&future->mutex);
    if (future->state != PENDING) {
        int error = future->state == RUNNING ? EBUSY : EALREADY;
        pthread_mutex_unlock(&future->mutex);
        return error;
    }
    complete(future, NULL, ECANCELED);
    return 0;
}

static enum future_state look(struct lockorder_future *future, int *error)
{
    pthread_mutex_lock(&future->mutex);
    enum future_state state = future->state;
    *error = future->error;
    pthread_mutex_unlock(&future->mutex);
    return state;
}

bool lockorder_future_is_running(struct lockorder_future *future)
{
    int error;
    return look(future, &error) == RUNNING;
}

bool lockorder_future_is_done(struct lockorder_future *future)
{
    int error;
    return look(future, &error) == DONE;
}

bool lockorder_future_is_cancelled(struct lockorder_future *future)
{
    int error;
    return look(future, &error) == DONE && error == ECANCELED;
}

/* A future that is done does not change any more. */
static void read_outcome(const struct lockorder_future *future, void **result, int *error)
{
    if (error != NULL)
        *error = future->error;
    if (result != NULL && future->error == 0)
        *result = future->result;
}

int lockorder_future_result(struct lockorder_future *future, void **result)
{
    int error = 0;
    lockorder_future_result_within(future, result, &error, NULL);
    return error;
}

int lockorder_future_result_within(struct lockorder_future *future, void **result, int *error,
                                   const struct lockorder_limit *limit)
{
    struct lockorder_waiter waiter;
    int gave_up = 0;
    pthread_mutex_lock(&future->mutex);
    if (future->state == DONE)
        pthread_mutex_unlock(&future->mutex);
    else
        gave_up = wait_list_wait(&future->waiting, &waiter, &future->mutex, limit);
    if (gave_up == 0)
        read_outcome(future, result, error);
    return gave_up;
}

int lockorder_future_add_callback(struct lockorder_future *future, void (*function)(void *closure, struct lockorder_future *future),
                                  void *closure)
{
    struct callback *callback = malloc(sizeof *callback);
    if (callback == NULL)
        return ENOMEM;
    *callback = (struct callback){NULL, function, closure};
    pthread_mutex_lock(&future->mutex);
    bool done = future->state == DONE;
    if (!done) {
        *future->last_callback = callback;
        future->last_callback = &callback->next;
    }
    pthread_mutex_unlock(&future->mutex);
    if (done)
        call_callbacks(future, callback);
    return 0;
}

void observer_enter(struct lockorder_observer *observer, struct lockorder_future *future, struct lockorder_queue *done)
{
    pthread_mutex_lock(&future->mutex);
    *observer = (struct lockorder_observer){.future = future, .done = done, .linked = future->state != DONE};
    if (observer->linked) {
        observer->next = future->observers;
        if (future->observers != NULL)
            future->observers->previous = observer;
        future->observers = observer;
    } else {
        lockorder_queue_try_put(done, future);
    }
    pthread_mutex_unlock(&future->mutex);
}

void observer_leave(struct lockorder_observer *observer)
{
    struct lockorder_future *future = observer->future;
    pthread_mutex_lock(&future->mutex);
    if (observer->linked) {
        if (observer->previous != NULL)
            observer->previous->next = observer->next;
        else
            future->observers = observer->next;
        if (observer->next != NULL)
            observer->next->previous = observer->previous;
    }
    pthread_mutex_unlock(&future->mutex);
}
