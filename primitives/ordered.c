#include <lockorder/ordered.h>

#include <errno.h>

#include "claim.h"
#include "self.h"

int lockorder_order_init(struct lockorder_order *order, uint64_t (*key)(const void *lock, void *closure), void *closure,
                         const char *name)
{
    order->key = key;
    order->closure = closure;
    return lockorder_lock_init(&order->tie, name);
}

int lockorder_order_destroy(struct lockorder_order *order)
{
    return lockorder_lock_destroy(&order->tie);
}

static uint64_t address_of(const void *lock)
{
    return (uint64_t)(uintptr_t)lock;
}

/* Sorts by key, equal keys by address, so that a lock named twice is beside itself. */
static void sort(const struct lockorder_order *order, struct lockorder_lockable *locks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct lockorder_lockable next = locks[i];
        next.key = order != NULL ? order->key(next.lock, order->closure) : address_of(next.lock);
        size_t place = i;
        for (; place > 0; place--) {
            const struct lockorder_lockable *before = &locks[place - 1];
            if (before->key < next.key || (before->key == next.key && address_of(before->lock) <= address_of(next.lock)))
                break;
            locks[place] = *before;
        }
        locks[place] = next;
    }
}

/* The claims of this thread in the same order: whether there is one, and its greatest key. */
static bool claims_already(const struct lockorder_order *order, uint64_t *greatest)
{
    bool any = false;
    *greatest = 0;
    for (const struct lockorder_claim *claim = self.claims; claim != NULL; claim = claim->outer) {
        if (claim->order != order)
            continue;
        for (size_t i = 0; i < claim->count; i++) {
            any = true;
            if (claim->locks[i].key > *greatest)
                *greatest = claim->locks[i].key;
        }
    }
    return any;
}

/* Whether sorted locks may be taken: 0 or EDEADLK. */
static int check(const struct lockorder_order *order, const struct lockorder_lockable *locks, size_t count, bool *tied)
{
    uint64_t greatest;
    bool nested = claims_already(order, &greatest);
    if (nested && count > 0 && locks[0].key <= greatest)
        return EDEADLK;
    *tied = false;
    for (size_t i = 1; i < count; i++) {
        if (locks[i].lock == locks[i - 1].lock)
            return EDEADLK;
        if (locks[i].key == locks[i - 1].key)
            *tied = true;
    }
    /* Who waits for the tie lock must hold nothing that its holder may wait for. */
    return nested && *tied ? EDEADLK : 0;
}

void claim_release_in_reverse(const struct lockorder_lockable *locks, size_t count)
{
    while (count-- > 0)
        locks[count].kind->release(locks[count].lock);
}

static int acquire_each(const struct lockorder_lockable *locks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int error = locks[i].kind->acquire(locks[i].lock);
        if (error != 0) {
            claim_release_in_reverse(locks, i);
            return error;
        }
    }
    return 0;
}

void claim_enter(struct lockorder_claim *claim, const struct lockorder_order *order, const struct lockorder_lockable *locks,
                 size_t count)
{
    *claim = (struct lockorder_claim){.outer = self.claims, .order = order, .locks = locks, .count = count};
    self.claims = claim;
}

int lockorder_claim_acquire(struct lockorder_claim *claim, struct lockorder_order *order, struct lockorder_lockable *locks,
                            size_t count)
{
    bool tied;
    sort(order, locks, count);
    int error = check(order, locks, count, &tied);
    if (error != 0)
        return error;
    if (tied)
        lockorder_lock_acquire(&order->tie);
    error = acquire_each(locks, count);
    if (tied)
        lockorder_lock_release(&order->tie);
    if (error == 0)
        claim_enter(claim, order, locks, count);
    return error;
}

/* Where the thread's list points to the claim; NULL: it is not in the list. */
static struct lockorder_claim **link_to(const struct lockorder_claim *claim)
{
    struct lockorder_claim **link = &self.claims;
    while (*link != NULL && *link != claim)
        link = &(*link)->outer;
    return *link != NULL ? link : NULL;
}

int lockorder_claim_release(struct lockorder_claim *claim)
{
    struct lockorder_claim **link = link_to(claim);
    if (link == NULL)
        return EPERM;
    *link = claim->outer;
    claim_release_in_reverse(claim->locks, claim->count);
    return 0;
}

void lockorder_claim_leave(struct lockorder_claim *claim)
{
    lockorder_claim_release(claim); /* EPERM: it was not made, or released before */
}
