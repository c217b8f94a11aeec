/* The child of a fork takes a mutex that another thread of its parent takes: it could have held it at the fork. */
#include "../verdicts/actors.h"

#include <sys/wait.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void worker(void)
{
    pthread_mutex_lock(&mutex); /* EXPECT hazard: related */
    pthread_mutex_unlock(&mutex);
    end_turn();
    wait_for_turn(2);
}

int main(void)
{
    struct actor *actor = START(worker);
    wait_for_turn(1);
    pid_t child = fork();
    if (child == 0) {
        pthread_mutex_lock(&mutex); /* EXPECT hazard: title mutex */
        pthread_mutex_unlock(&mutex);
        _exit(0);
    }
    require(waitpid(child, NULL, 0) == child, "a child");
    end_turn();
    join(actor);
    return 0;
}
