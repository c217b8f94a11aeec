/* A process of a hundred threads that lock and unlock forks, again and again; each child locks, and ends by _exit. */
/* EXPECT nothing: one order */
#include <sys/wait.h>

#include "guest.h"

enum { THREADS = 100, CHILDREN = 40 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static volatile int stop;

static void *lock_and_unlock(void *unused)
{
    while (!stop) {
        pthread_mutex_t *inner = malloc(sizeof *inner);
        pthread_mutex_init(inner, NULL);
        lock_both(&outer, inner);
        pthread_mutex_destroy(inner);
        free(inner);
    }
    return unused;
}

static void be_child(void)
{
    pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
    for (int i = 0; i < 100; i++)
        lock_both(&first, &second);
    _exit(7);
}

int main(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        require(pthread_create(&threads[i], NULL, lock_and_unlock, NULL) == 0, "a thread");
    for (int i = 0; i < CHILDREN; i++) {
        int status = 0;
        pid_t child = fork();
        if (child == 0)
            be_child();
        require(child > 0 && waitpid(child, &status, 0) == child, "a child");
        require(WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child that ends as it says");
    }
    stop = 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    puts("forked");
    return 0;
}
