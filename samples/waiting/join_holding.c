/* A thread is joined with a lock held that it takes. By default it has taken it already; lockorder reports the hazard. With
 * --hang it has not: it waits for the lock, and the lock's holder for its end.
 *
 *     lockorder run -- build/release/samples/waiting/join_holding
 *     lockorder run --on-deadlock=exit -- build/release/samples/waiting/join_holding --hang
 *
 * The repair is to unlock before the join. */
/* EXPECT --hang deadlock: title boss */
#include <pthread.h>
#include <stdio.h>

#include "../stage.h"

static pthread_mutex_t desk = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t done;

static void *work(void *unused)
{
    pthread_setname_np(pthread_self(), "worker");
    if (stage_hangs())
        pthread_barrier_wait(&done);
    pthread_mutex_lock(&desk);
    pthread_mutex_unlock(&desk);
    if (!stage_hangs())
        pthread_barrier_wait(&done);
    return unused;
}

static void lead(void)
{
    pthread_t worker;
    pthread_create(&worker, NULL, work, NULL);
    if (!stage_hangs())
        pthread_barrier_wait(&done);
    pthread_mutex_lock(&desk); /* EXPECT hazard: related */
    if (stage_hangs())
        pthread_barrier_wait(&done);
    pthread_join(worker, NULL); /* EXPECT hazard: title while it holds desk, which worker takes; fault boss concerns desk */
    pthread_mutex_unlock(&desk);
}

int main(int argc, char **argv)
{
    const struct actor boss = {"boss", lead};
    stage_open(argc, argv);
    pthread_barrier_init(&done, NULL, 2);
    stage_play(&boss, 1);
    puts("all is done");
    return 0;
}
