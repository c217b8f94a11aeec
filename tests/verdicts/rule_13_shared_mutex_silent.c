/* Two processes, each with the mutexes mapped by itself: each shows one order, but they have them in different files. */
/* EXPECT nothing: they are different locks */
#include "processes.h"

static int file, other_file;

static void make(int in)
{
    pthread_mutex_t *locks = map(in);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&locks[0], &attributes);
    pthread_mutex_init(&locks[1], &attributes);
}

static void forward(void)
{
    pthread_mutex_t *locks = map(file);
    pthread_mutex_lock(&locks[0]);
    pthread_mutex_lock(&locks[1]);
    pthread_mutex_unlock(&locks[1]);
    pthread_mutex_unlock(&locks[0]);
}

static void backward(void)
{
    pthread_mutex_t *locks;
    map(other_file);
    locks = map(other_file);
    pthread_mutex_lock(&locks[1]);
    pthread_mutex_lock(&locks[0]);
    pthread_mutex_unlock(&locks[0]);
    pthread_mutex_unlock(&locks[1]);
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
