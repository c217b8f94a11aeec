#include <lockorder/latch.h>

#include <errno.h>
#include <stddef.h>

#include "annotation.h"
#include "waiter.h"

int lockorder_latch_init(struct lockorder_latch *latch, unsigned count, const char *name)
{
    *latch = (struct lockorder_latch){.count = count};
    int error = pthread_mutex_init(&latch->mutex, NULL);
    if (error == 0)
        annotate_lock(&latch->mutex, name, "latch");
    return error;
}

int lockorder_latch_destroy(struct lockorder_latch *latch)
{
    pthread_mutex_lock(&latch->mutex);
    bool in_use = !wait_list_is_empty(&latch->waiting);
    pthread_mutex_unlock(&latch->mutex);
    return in_use ? EBUSY : pthread_mutex_destroy(&latch->mutex);
}

int lockorder_latch_count_down(struct lockorder_latch *latch)
{
    struct lockorder_waiter *woken = NULL;
    pthread_mutex_lock(&latch->mutex);
    int error = latch->count == 0 ? EINVAL : 0;
    if (error == 0 && --latch->count == 0)
        woken = wait_list_take_all(&latch->waiting);
    pthread_mutex_unlock(&latch->mutex);
    waiter_wake_all(woken);
    return error;
}

int lockorder_latch_reset(struct lockorder_latch *latch, unsigned count)
{
    pthread_mutex_lock(&latch->mutex);
    int error = latch->count > 0 ? EBUSY : 0;
    if (error == 0)
        latch->count = count;
    pthread_mutex_unlock(&latch->mutex);
    return error;
}

unsigned lockorder_latch_count(struct lockorder_latch *latch)
{
    pthread_mutex_lock(&latch->mutex);
    unsigned count = latch->count;
    pthread_mutex_unlock(&latch->mutex);
    return count;
}

int lockorder_latch_wait(struct lockorder_latch *latch)
{
    return lockorder_latch_wait_within(latch, NULL);
}

int lockorder_latch_wait_within(struct lockorder_latch *latch, const struct lockorder_limit *limit)
{
    struct lockorder_waiter waiter;
    pthread_mutex_lock(&latch->mutex);
    if (latch->count > 0)
        return wait_list_wait(&latch->waiting, &waiter, &latch->mutex, limit);
    pthread_mutex_unlock(&latch->mutex);
    return 0;
}
