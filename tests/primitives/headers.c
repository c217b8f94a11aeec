/* Each header can be used from C11 without extensions. */
#include <lockorder/lockorder.h>

int uses_all_from_c(void);

int uses_all_from_c(void)
{
    struct lockorder_lock lock = LOCKORDER_LOCK_INITIALIZER;
    LOCKORDER_SCOPED_CLAIM(claim);
    struct lockorder_lockable locks[] = {lockorder_lockable_lock(&lock)};
    return lockorder_claim_acquire(&claim, NULL, locks, 1);
}
