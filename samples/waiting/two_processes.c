/* Two processes that share two mutexes, and lock them in opposite orders. Each process alone is in order; lockorder knows such a
 * mutex by the memory that it is in, and finds the cycle across both. By default one process comes after the other; with --hang
 * they hang, and `lockorder run` says so within some seconds:
 *
 *     lockorder run -- build/release/samples/waiting/two_processes
 *     lockorder run -- build/release/samples/waiting/two_processes --hang */
/* EXPECT cycle: title 2 threads can deadlock */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../stage.h"

struct shared {
    pthread_mutex_t seat, ticket;
    pthread_barrier_t both_hold_one;
};

static struct shared *shared;

static void lock_both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    pthread_mutex_lock(first);
    if (stage_hangs())
        pthread_barrier_wait(&shared->both_hold_one);
    pthread_mutex_lock(second);
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
}

static pid_t start(pthread_mutex_t *first, pthread_mutex_t *second)
{
    pid_t process = fork();
    if (process != 0)
        return process;
    lock_both(first, second);
    exit(0);
}

static void share(void)
{
    pthread_mutexattr_t mutexes;
    pthread_barrierattr_t barriers;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    pthread_mutexattr_init(&mutexes);
    pthread_mutexattr_setpshared(&mutexes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->seat, &mutexes);
    pthread_mutex_init(&shared->ticket, &mutexes);
    pthread_barrierattr_init(&barriers);
    pthread_barrierattr_setpshared(&barriers, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&shared->both_hold_one, &barriers, 2);
}

int main(int argc, char **argv)
{
    stage_open(argc, argv);
    share();
    pid_t one = start(&shared->seat, &shared->ticket);
    if (!stage_hangs())
        waitpid(one, NULL, 0);
    pid_t other = start(&shared->ticket, &shared->seat);
    waitpid(one, NULL, 0);
    waitpid(other, NULL, 0);
    puts("both have a seat");
    return 0;
}
