/* Each header can be used from C++. */
#include <lockorder/lockorder.h>

static void receive(void *, void *)
{
}

int uses_all_from_cxx(lockorder_exchange *exchange);

int uses_all_from_cxx(lockorder_exchange *exchange)
{
    lockorder_lock lock = LOCKORDER_LOCK_INITIALIZER;
    lockorder_recursive_lock recursive = LOCKORDER_RECURSIVE_LOCK_INITIALIZER;
    lockorder_stop stop = LOCKORDER_STOP_INITIALIZER;
    lockorder_limit limit = lockorder_limit_stop(&stop);
    lockorder_lockable locks[] = {lockorder_lockable_lock(&lock), lockorder_lockable_recursive(&recursive)};
    LOCKORDER_SCOPED_CLAIM(claim);
    LOCKORDER_SCOPED_SUBSCRIPTION(subscription);
    lockorder_exchange_attach(exchange, receive, &lock, &subscription);
    return lockorder_claim_try_acquire_all(&claim, locks, 2, &limit);
}
