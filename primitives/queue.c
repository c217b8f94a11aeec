#include <lockorder/queue.h>

#include <errno.h>
#include <stdlib.h>

#include "annotation.h"
#include "queue_entries.h"
#include "waiter.h"

static int init(struct lockorder_queue *queue, size_t capacity, const char *name)
{
    queue->capacity = capacity == LOCKORDER_UNBOUNDED ? SIZE_MAX : capacity;
    if (capacity != LOCKORDER_UNBOUNDED) {
        queue->entries = calloc(capacity, sizeof *queue->entries);
        if (queue->entries == NULL)
            return ENOMEM;
        queue->allocated = capacity;
    }
    int error = pthread_mutex_init(&queue->mutex, NULL);
    if (error == 0)
        annotate_lock(&queue->mutex, name, "queue");
    else
        free(queue->entries);
    return error;
}

int lockorder_queue_init(struct lockorder_queue *queue, enum lockorder_queue_kind kind, size_t capacity, const char *name)
{
    *queue = (struct lockorder_queue){.kind = kind};
    return kind == LOCKORDER_SIMPLE && capacity != LOCKORDER_UNBOUNDED ? EINVAL : init(queue, capacity, name);
}

int lockorder_queue_init_priority(struct lockorder_queue *queue, int (*compare)(const void *item, const void *other),
                                  size_t capacity, const char *name)
{
    *queue = (struct lockorder_queue){.kind = LOCKORDER_FIFO, .compare = compare};
    return init(queue, capacity, name);
}

int lockorder_queue_destroy(struct lockorder_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    bool in_use = queue->coming > 0 || !wait_list_is_empty(&queue->getters) || !wait_list_is_empty(&queue->putters) ||
                  !wait_list_is_empty(&queue->joiners);
    pthread_mutex_unlock(&queue->mutex);
    if (in_use)
        return EBUSY;
    free(queue->entries);
    return pthread_mutex_destroy(&queue->mutex);
}

static int unlock_with(struct lockorder_queue *queue, int error)
{
    pthread_mutex_unlock(&queue->mutex);
    return error;
}

/* Whom to wake, now that there are items. A getter is not given an item, but comes for it: so one that is awake may take it first, and
 * need not sleep and be woken for the next. Only one is on its way at a time; if it finds more than one item, it has the next one
 * woken. */
static struct lockorder_waiter *next_getter(struct lockorder_queue *queue)
{
    if (queue->coming > 0 || queue->size == 0)
        return NULL;
    struct lockorder_waiter *getter = wait_list_take_first(&queue->getters);
    if (getter != NULL)
        queue->coming++;
    return getter;
}

/* The queue is not full. With the mutex, which it releases. */
static int put_now(struct lockorder_queue *queue, void *item)
{
    if (queue_entries_make_room(queue) != 0)
        return unlock_with(queue, ENOMEM);
    queue_entries_add(queue, item);
    queue->unfinished++;
    struct lockorder_waiter *getter = next_getter(queue);
    pthread_mutex_unlock(&queue->mutex);
    if (getter != NULL)
        waiter_wake(getter);
    return 0;
}

/* The queue is not empty. Its place goes to who waits to put. With the mutex, which it releases. */
static int get_now(struct lockorder_queue *queue, void **item)
{
    *item = queue_entries_take(queue);
    struct lockorder_waiter *putter = wait_list_take_first(&queue->putters);
    if (putter != NULL) {
        queue_entries_add(queue, putter->item);
        queue->unfinished++;
        putter->outcome = 0;
    }
    struct lockorder_waiter *getter = next_getter(queue);
    pthread_mutex_unlock(&queue->mutex);
    if (putter != NULL)
        waiter_wake(putter);
    if (getter != NULL)
        waiter_wake(getter);
    return 0;
}

int lockorder_queue_put(struct lockorder_queue *queue, void *item)
{
    return lockorder_queue_put_within(queue, item, NULL);
}

int lockorder_queue_try_put(struct lockorder_queue *queue, void *item)
{
    pthread_mutex_lock(&queue->mutex);
    if (queue->closed)
        return unlock_with(queue, EPIPE);
    return queue->size < queue->capacity ? put_now(queue, item) : unlock_with(queue, EAGAIN);
}

int lockorder_queue_put_within(struct lockorder_queue *queue, void *item, const struct lockorder_limit *limit)
{
    pthread_mutex_lock(&queue->mutex);
    if (queue->closed)
        return unlock_with(queue, EPIPE);
    if (queue->size < queue->capacity)
        return put_now(queue, item);
    struct lockorder_waiter putter = {.item = item};
    int error = wait_list_wait(&queue->putters, &putter, &queue->mutex, limit);
    return error == 0 ? putter.outcome : error;
}

int lockorder_queue_get(struct lockorder_queue *queue, void **item)
{
    return lockorder_queue_get_within(queue, item, NULL);
}

int lockorder_queue_try_get(struct lockorder_queue *queue, void **item)
{
    pthread_mutex_lock(&queue->mutex);
    if (queue->size > 0)
        return get_now(queue, item);
    return unlock_with(queue, queue->closed ? EPIPE : EAGAIN);
}

int lockorder_queue_get_within(struct lockorder_queue *queue, void **item, const struct lockorder_limit *limit)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->size == 0) {
        struct lockorder_waiter getter;
        if (queue->closed)
            return unlock_with(queue, EPIPE);
        int error = wait_list_wait(&queue->getters, &getter, &queue->mutex, limit);
        if (error != 0)
            return error;
        pthread_mutex_lock(&queue->mutex);
        queue->coming--;
    }
    return get_now(queue, item);
}

int lockorder_queue_task_done(struct lockorder_queue *queue)
{
    if (queue->kind == LOCKORDER_SIMPLE)
        return ENOTSUP;
    pthread_mutex_lock(&queue->mutex);
    if (queue->unfinished == 0)
        return unlock_with(queue, EPERM);
    struct lockorder_waiter *joiners = --queue->unfinished == 0 ? wait_list_take_all(&queue->joiners) : NULL;
    pthread_mutex_unlock(&queue->mutex);
    waiter_wake_all(joiners);
    return 0;
}

int lockorder_queue_join(struct lockorder_queue *queue)
{
    return lockorder_queue_join_within(queue, NULL);
}

int lockorder_queue_join_within(struct lockorder_queue *queue, const struct lockorder_limit *limit)
{
    if (queue->kind == LOCKORDER_SIMPLE)
        return ENOTSUP;
    struct lockorder_waiter joiner;
    pthread_mutex_lock(&queue->mutex);
    if (queue->unfinished > 0)
        return wait_list_wait(&queue->joiners, &joiner, &queue->mutex, limit);
    return unlock_with(queue, 0);
}

void lockorder_queue_close(struct lockorder_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    queue->coming += queue->getters.length;
    struct lockorder_waiter *getters = wait_list_take_all(&queue->getters);
    struct lockorder_waiter *putters = wait_list_take_all(&queue->putters);
    for (struct lockorder_waiter *putter = putters; putter != NULL; putter = putter->next)
        putter->outcome = EPIPE;
    pthread_mutex_unlock(&queue->mutex);
    waiter_wake_all(putters);
    waiter_wake_all(getters);
}

bool lockorder_queue_is_closed(struct lockorder_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    bool closed = queue->closed;
    pthread_mutex_unlock(&queue->mutex);
    return closed;
}

size_t lockorder_queue_size(struct lockorder_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    size_t size = queue->size;
    pthread_mutex_unlock(&queue->mutex);
    return size;
}

bool lockorder_queue_is_empty(struct lockorder_queue *queue)
{
    return lockorder_queue_size(queue) == 0;
}

bool lockorder_queue_is_full(struct lockorder_queue *queue)
{
    return lockorder_queue_size(queue) == queue->capacity;
}
