/* The repair of lost_wakeup.c: what has happened is kept in a variable under the mutex, and the wait is for the variable: a wait
 * for what has happened already is none, and a wake-up for other reasons does no harm.
 *
 *     lockorder run -- build/release/samples/waiting/kept_wakeup */
/* EXPECT nothing: no lock is taken under another one */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static bool has_arrived;

int main(void)
{
    pthread_mutex_lock(&mutex);
    has_arrived = true;
    pthread_cond_signal(&arrived); /* nobody waits yet */
    pthread_mutex_unlock(&mutex);

    pthread_mutex_lock(&mutex);
    while (!has_arrived)
        pthread_cond_wait(&arrived, &mutex);
    pthread_mutex_unlock(&mutex);
    puts("woken");
    return 0;
}
