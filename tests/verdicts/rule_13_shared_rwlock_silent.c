/* Two processes, each with the locks mapped by itself: each shows one order, but they have them in different files. */
/* EXPECT nothing: they are different locks */
#include "processes.h"

static int file, other_file;

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
    pthread_rwlock_wrlock(&locks[0]);
    pthread_rwlock_rdlock(&locks[1]);
    pthread_rwlock_unlock(&locks[1]);
    pthread_rwlock_unlock(&locks[0]);
}

static void backward(void)
{
    pthread_rwlock_t *locks;
    map(other_file);
    locks = map(other_file);
    pthread_rwlock_wrlock(&locks[1]);
    pthread_rwlock_rdlock(&locks[0]);
    pthread_rwlock_unlock(&locks[0]);
    pthread_rwlock_unlock(&locks[1]);
}

int main(void)
{
    file = shared_file();
    make(file);
    other_file = shared_file();
    make(other_file);
    run_process(forward, "forward");
    run_process(backward, "backward");
    return 0;
}
