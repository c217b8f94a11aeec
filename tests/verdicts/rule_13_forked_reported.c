/* Two threads of a child after fork take the locks in opposite orders; the parent takes one of them alone. */
#include <sys/wait.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);  /* EXPECT cycle: forward holds first */
    pthread_mutex_lock(&second); /* EXPECT cycle: forward wants second */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&second); /* EXPECT cycle: backward holds second */
    pthread_mutex_lock(&first);  /* EXPECT cycle: backward wants first */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pid_t child = fork();
    if (child == 0) {
        PLAY_TOGETHER(forward, backward);
        return 0;
    }
    int status = 0;
    require(child > 0 && waitpid(child, &status, 0) == child && status == 0, "a child that ends well");
    return 0;
}
