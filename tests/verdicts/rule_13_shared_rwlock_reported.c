/* Two processes, each with the locks mapped by itself: each shows one order. */
#include "processes.h"

static int file;

static void make(int in)
{
    pthread_rwlock_t *locks = map(in);
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_rwlock_init(&locks[0], &attributes);
    pthread_rwlock_init(&locks[1], &attributes);
}

static void forward(void)
{
    pthread_rwlock_t *locks = map(file);
    /* PLACE first */
    /* EXPECT cycle: forward holds "read-write lock #N first locked at @first forward" */
    pthread_rwlock_wrlock(&locks[0]);
    /* PLACE second */
    /* EXPECT cycle: forward wants "read-write lock #N first locked at @second forward" */
    pthread_rwlock_rdlock(&locks[1]);
    pthread_rwlock_unlock(&locks[1]);
    pthread_rwlock_unlock(&locks[0]);
}

static void backward(void)
{
    pthread_rwlock_t *locks;
    map(file);
    locks = map(file);
    /* EXPECT cycle: backward holds "read-write lock #N first locked at @second forward" */
    pthread_rwlock_wrlock(&locks[1]);
    /* EXPECT cycle: backward wants "read-write lock #N first locked at @first forward" */
    pthread_rwlock_rdlock(&locks[0]);
    pthread_rwlock_unlock(&locks[0]);
    pthread_rwlock_unlock(&locks[1]);
}

int main(void)
{
    file = shared_file();
    make(file);
    run_process(forward, "forward");
    run_process(backward, "backward");
    return 0;
}
