#include <errno.h>
#include <stdio.h>

#include <lockorder/lockorder.h>

static struct lockorder_lock lock;
static struct lockorder_condition arrived; /* parcels were put down */
static int parcels;                        /* protected by lock */

static bool there_are_three(void *closure)
{
    (void)closure;
    return parcels >= 3;
}

static void *deliver(void *argument)
{
    (void)argument;
    for (int i = 0; i < 3; i++) {
        lockorder_lock_acquire(&lock);
        parcels++;
        lockorder_condition_notify_one(&arrived);
        lockorder_lock_release(&lock);
    }
    return NULL;
}

int main(void)
{
    lockorder_lock_init(&lock, "parcels.lock");
    lockorder_condition_init(&arrived, &lock);
    pthread_t courier;
    pthread_create(&courier, NULL, deliver, NULL);

    struct lockorder_limit limit = lockorder_limit_after(10 * LOCKORDER_SECOND);
    lockorder_lock_acquire(&lock);
    int error = lockorder_condition_wait_for(&arrived, there_are_three, NULL, &limit);
    printf("parcels: %d, error: %d\n", parcels, error);
    printf("taking the lock again: %s\n", lockorder_lock_acquire(&lock) == EDEADLK ? "EDEADLK, not a hang" : "?");
    lockorder_lock_release(&lock);

    pthread_join(courier, NULL);
    lockorder_condition_destroy(&arrived);
    lockorder_lock_destroy(&lock);

    struct lockorder_semaphore seats;
    lockorder_semaphore_init_bounded(&seats, 2, "seats");
    lockorder_semaphore_acquire(&seats);
    lockorder_semaphore_acquire(&seats);
    printf("a third seat: %s\n", lockorder_semaphore_try_acquire(&seats) == EAGAIN ? "none" : "?");
    lockorder_semaphore_release(&seats);
    lockorder_semaphore_release(&seats);
    printf("a seat that nobody took: %s\n", lockorder_semaphore_release(&seats) == EPERM ? "EPERM" : "?");
    lockorder_semaphore_destroy(&seats);
    return 0;
}
