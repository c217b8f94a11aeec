#include <errno.h>

#include <lockorder/stop.h>

#include "claim.h"
#include "self.h"

/* The first bound is about the time in which another thread goes through a short critical section. */
static const int64_t FIRST_BOUND = 20 * LOCKORDER_MICROSECOND;
static const int64_t LAST_BOUND = 10 * LOCKORDER_MILLISECOND;

static bool is_named_twice(const struct lockorder_lockable *locks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (locks[i].lock == locks[j].lock)
                return true;
    return false;
}

/* 0, EBUSY or what else taking a lock returned; then none is held. */
static int attempt(const struct lockorder_lockable *locks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int error = locks[i].kind->try_acquire(locks[i].lock);
        if (error != 0) {
            claim_release_in_reverse(locks, i);
            return error == EAGAIN ? EBUSY : error;
        }
    }
    return 0;
}

/* xorshift64: Marsaglia, "Xorshift RNGs" (2003). All that matters is that two threads do not stay in step. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static uint64_t seed(void)
{
    struct lockorder_limit now = lockorder_limit_after(0);
    return ((uint64_t)now.deadline.tv_nsec << 20 ^ (uint64_t)(uintptr_t)this_thread()) | 1;
}

static bool is_before(const struct timespec *time, const struct timespec *other)
{
    return time->tv_sec != other->tv_sec ? time->tv_sec < other->tv_sec : time->tv_nsec < other->tv_nsec;
}

/* Sleeps for the duration, or until the limit: ETIMEDOUT, ECANCELED. */
static int back_off(int64_t duration, const struct lockorder_limit *limit)
{
    struct lockorder_limit sleep = lockorder_limit_after(duration);
    if (limit == NULL)
        return lockorder_sleep(&sleep);
    bool last = limit->timed && !is_before(&sleep.deadline, &limit->deadline);
    if (last)
        sleep.deadline = limit->deadline;
    sleep.stop = limit->stop;
    int error = lockorder_sleep(&sleep);
    return error == 0 && last ? ETIMEDOUT : error;
}

int lockorder_claim_try_acquire_all(struct lockorder_claim *claim, const struct lockorder_lockable *locks, size_t count,
                                    const struct lockorder_limit *limit)
{
    if (is_named_twice(locks, count))
        return EDEADLK;
    uint64_t random = seed();
    int64_t bound = FIRST_BOUND;
    int error;
    while ((error = attempt(locks, count)) == EBUSY) {
        error = back_off((int64_t)(next_random(&random) % (uint64_t)bound), limit);
        if (error != 0)
            return error;
        bound = bound * 2 < LAST_BOUND ? bound * 2 : LAST_BOUND;
    }
    if (error == 0)
        claim_enter(claim, NULL, locks, count);
    return error;
}
