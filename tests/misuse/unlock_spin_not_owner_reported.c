/* A spinlock is unlocked by another thread than the one that locked it, which POSIX leaves undefined. For all that can be known,
 * the first one holds it on, so that there is a cycle; but that the next owner, who goes on, waits for it is not to be concluded
 * from that: nothing has locked up. */
#include "../verdicts/actors.h"

static pthread_spinlock_t spin;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first_owner(void)
{
    pthread_spin_lock(&spin); /* EXPECT misuse: related */ /* EXPECT cycle: first_owner holds spin */
    end_turn();
    wait_for_turn(3);
    pthread_mutex_lock(&mutex); /* EXPECT cycle: first_owner wants mutex */
    pthread_mutex_unlock(&mutex);
}

static void stranger(void)
{
    wait_for_turn(1);
    /* EXPECT misuse: title stranger unlocks spin, which first_owner holds; fault stranger concerns spin */
    pthread_spin_unlock(&spin);
    end_turn();
}

static void next_owner(void)
{
    wait_for_turn(2);
    pthread_mutex_lock(&mutex); /* EXPECT cycle: next_owner holds mutex */
    pthread_spin_lock(&spin);   /* EXPECT cycle: next_owner wants spin */
    end_turn();
    wait_until_waited_for(&mutex);
    pthread_spin_unlock(&spin);
    pthread_mutex_unlock(&mutex);
}

int main(void)
{
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    struct actor *others[] = {START(first_owner), START(stranger), START(next_owner)};
    for (int i = 0; i < 3; i++)
        join(others[i]);
    return 0;
}
