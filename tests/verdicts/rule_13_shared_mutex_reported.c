/* Two processes, each with the mutexes mapped by itself: each shows one order. */
#include "processes.h"

static int file;

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
    /* PLACE first */
    /* EXPECT cycle: forward holds "mutex #N first locked at @first forward" */
    pthread_mutex_lock(&locks[0]);
    /* PLACE second */
    /* EXPECT cycle: forward wants "mutex #N first locked at @second forward" */
    pthread_mutex_lock(&locks[1]);
    pthread_mutex_unlock(&locks[1]);
    pthread_mutex_unlock(&locks[0]);
}

static void backward(void)
{
    pthread_mutex_t *locks;
    map(file);
    locks = map(file);
    /* EXPECT cycle: backward holds "mutex #N first locked at @second forward" */
    pthread_mutex_lock(&locks[1]);
    /* EXPECT cycle: backward wants "mutex #N first locked at @first forward" */
    pthread_mutex_lock(&locks[0]);
    pthread_mutex_unlock(&locks[0]);
    pthread_mutex_unlock(&locks[1]);
}

int main(void)
{
    file = shared_file();
    make(file);
    run_process(forward, "forward");
    run_process(backward, "backward");
    return 0;
}
