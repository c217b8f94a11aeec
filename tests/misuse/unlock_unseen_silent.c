/* A lock is locked past the recorder, by a direct call of the C library, and unlocked where it is seen, while another thread
 * waits for the lock: who waits does not have it. */
/* EXPECT nothing: the lock was the thread's own */
#include <dlfcn.h>
#include <gnu/lib-names.h>

#include "../harness/late_locking.h"
#include "../verdicts/actors.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;

#define LOCK_UNSEEN(name, object) ((int (*)(void *))dlsym(dlopen(LIBC_SO, RTLD_NOW | RTLD_NOLOAD), #name))((void *)(object))

static void wait_for_both(void)
{
    late_locking = end_turn; /* the recorder has been told of the wait by then */
    pthread_rwlock_wrlock(&lock);
    late_locking = end_turn;
    pthread_spin_lock(&spin);
    pthread_spin_unlock(&spin);
    pthread_rwlock_unlock(&lock);
}

int main(void)
{
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    LOCK_UNSEEN(pthread_rwlock_wrlock, &lock);
    LOCK_UNSEEN(pthread_spin_lock, &spin);
    struct actor *other = START(wait_for_both);
    wait_for_turn(1);
    pthread_rwlock_unlock(&lock);
    wait_for_turn(2);
    pthread_spin_unlock(&spin);
    join(other);
    return 0;
}
