/* Destroys, closes, detaches and ends whatever can be, and makes new ones in the same places. */
/* EXPECT nothing: one order */
/* EXPECT perhaps limit witnesses */
#include <fcntl.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <threads.h>

#include "guest.h"

enum { ROUNDS = 200 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock;
static pthread_spinlock_t spin;
static mtx_t of_c11;
static atomic_int ended;

static void *end_detached(void *unused)
{
    lock_both(&outer, &(pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER);
    flockfile(stdout);
    funlockfile(stdout);
    ended++;
    return unused;
}

static int end_by_thrd_exit(void *unused)
{
    (void)unused;
    end_detached(NULL);
    thrd_exit(0);
}

static void use_and_destroy(void)
{
    pthread_rwlock_init(&rwlock, NULL);
    pthread_spin_init(&spin, 0);
    mtx_init(&of_c11, mtx_plain);
    pthread_mutex_lock(&outer);
    pthread_rwlock_wrlock(&rwlock);
    pthread_spin_lock(&spin);
    mtx_lock(&of_c11);
    mtx_unlock(&of_c11);
    pthread_spin_unlock(&spin);
    pthread_rwlock_unlock(&rwlock);
    pthread_mutex_unlock(&outer);
    mtx_destroy(&of_c11);
    require(pthread_spin_destroy(&spin) == 0 && pthread_rwlock_destroy(&rwlock) == 0, "to destroy what is free");
}

static void open_and_close(void)
{
    char name[40];
    snprintf(name, sizeof name, "/lockorder-puts-away-%d", (int)getpid());
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
    require(semaphore != SEM_FAILED && sem_unlink(name) == 0, "a semaphore");
    sem_wait(semaphore);
    sem_post(semaphore);
    require(sem_close(semaphore) == 0, "to close it");
}

static void start_and_detach(void)
{
    pthread_t thread;
    thrd_t of_c11_too;
    flockfile(stdout); /* the threads wait for it */
    require(pthread_create(&thread, NULL, end_detached, NULL) == 0 && pthread_detach(thread) == 0, "a thread");
    require(thrd_create(&of_c11_too, end_by_thrd_exit, NULL) == thrd_success && thrd_detach(of_c11_too) == thrd_success,
            "another");
    funlockfile(stdout);
}

int main(void)
{
    for (int i = 1; i <= ROUNDS; i++) {
        use_and_destroy();
        open_and_close();
        start_and_detach();
        while (ended < 2 * i)
            sched_yield();
    }
    puts("put away");
    return 0;
}
