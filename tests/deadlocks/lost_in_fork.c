/* A mutex is held by another thread when a process forks: in the child, nobody will ever unlock it. */
/* EXPECT deadlock: title mutex */
/* EXPECT hazard: title mutex */
/* EXPECT misuse: title owner */
#include <sys/wait.h>

#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void owner(void)
{
    pthread_mutex_lock(&mutex);
    end_turn();
    wait_for_turn(2);
}

int main(void)
{
    int status = 0;
    struct actor *actor_owner = START(owner);
    wait_for_turn(1);
    pid_t child = fork();
    if (child == 0)
        pthread_mutex_lock(&mutex);
    require(child > 0 && waitpid(child, &status, 0) == child, "a child");
    end_turn();
    join(actor_owner);
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    return 0;
}
