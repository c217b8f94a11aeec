/* The thread that forks holds the mutex, so that no other one can; the child unlocks it. */
/* EXPECT nothing: the mutex is kept out of the way */
#include "../verdicts/actors.h"

#include <sys/wait.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void worker(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    end_turn();
    wait_for_turn(2);
}

int main(void)
{
    struct actor *actor = START(worker);
    wait_for_turn(1);
    pthread_mutex_lock(&mutex);
    pid_t child = fork();
    if (child == 0) {
        pthread_mutex_unlock(&mutex);
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        _exit(0);
    }
    pthread_mutex_unlock(&mutex);
    require(waitpid(child, NULL, 0) == child, "a child");
    end_turn();
    join(actor);
    return 0;
}
