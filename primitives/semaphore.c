#include <lockorder/semaphore.h>

#include <errno.h>

#include "annotation.h"
#include "sanitizer.h"

static int init(struct lockorder_semaphore *semaphore, unsigned permits, bool bounded, const char *name)
{
    semaphore->waiting = 0;
    semaphore->taken = 0;
    semaphore->bounded = bounded;
    if (sem_init(&semaphore->permits, 0, permits) != 0)
        return errno;
    annotate_lock(&semaphore->permits, name, NULL);
    return 0;
}

int lockorder_semaphore_init(struct lockorder_semaphore *semaphore, unsigned permits, const char *name)
{
    return init(semaphore, permits, false, name);
}

int lockorder_semaphore_init_bounded(struct lockorder_semaphore *semaphore, unsigned permits, const char *name)
{
    return init(semaphore, permits, true, name);
}

int lockorder_semaphore_destroy(struct lockorder_semaphore *semaphore)
{
    if (__atomic_load_n(&semaphore->waiting, __ATOMIC_ACQUIRE) > 0 || __atomic_load_n(&semaphore->taken, __ATOMIC_ACQUIRE) > 0)
        return EBUSY;
    return sem_destroy(&semaphore->permits) == 0 ? 0 : errno;
}

/* A permit counts as taken only after it was taken from the sem_t, and as given back before it goes there: so the sem_t never has
 * more permits than at first. */
static int acquired(struct lockorder_semaphore *semaphore)
{
    if (semaphore->bounded)
        __atomic_fetch_add(&semaphore->taken, 1, __ATOMIC_ACQ_REL);
    return 0;
}

static int wait_until(struct lockorder_semaphore *semaphore, const struct lockorder_limit *limit)
{
    int failed;
    do {
        failed = limit == NULL ? sem_wait(&semaphore->permits)
                               : sem_clockwait(&semaphore->permits, CLOCK_MONOTONIC, &limit->deadline);
    } while (failed && errno == EINTR);
    if (failed)
        return errno;
    AFTER_WAIT(&semaphore->permits);
    return 0;
}

int lockorder_semaphore_acquire(struct lockorder_semaphore *semaphore)
{
    return lockorder_semaphore_acquire_within(semaphore, NULL);
}

int lockorder_semaphore_try_acquire(struct lockorder_semaphore *semaphore)
{
    if (sem_trywait(&semaphore->permits) != 0)
        return errno;
    return acquired(semaphore);
}

int lockorder_semaphore_acquire_within(struct lockorder_semaphore *semaphore, const struct lockorder_limit *limit)
{
    if (limit != NULL && (limit->stop != NULL || !limit->timed))
        return EINVAL;
    __atomic_fetch_add(&semaphore->waiting, 1, __ATOMIC_ACQ_REL);
    int error = wait_until(semaphore, limit);
    if (error == 0)
        acquired(semaphore);
    __atomic_fetch_sub(&semaphore->waiting, 1, __ATOMIC_ACQ_REL);
    return error;
}

int lockorder_semaphore_release(struct lockorder_semaphore *semaphore)
{
    if (semaphore->bounded) {
        unsigned taken = __atomic_load_n(&semaphore->taken, __ATOMIC_RELAXED);
        do {
            if (taken == 0)
                return EPERM;
        } while (!__atomic_compare_exchange_n(&semaphore->taken, &taken, taken - 1, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
    }
    return sem_post(&semaphore->permits) == 0 ? 0 : errno;
}

unsigned lockorder_semaphore_permits(const struct lockorder_semaphore *semaphore)
{
    int value = 0;
    sem_getvalue((sem_t *)&semaphore->permits, &value); /* takes no const, though it only reads */
    return (unsigned)value;
}
