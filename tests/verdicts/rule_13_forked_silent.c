/* Parent and child take the locks in opposite orders, two threads at the same time. */
/* EXPECT nothing: each process has locks of its own */
#include <sys/wait.h>

#include "actors.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void forward(void)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
}

static void backward(void)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
}

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        join(START(backward));
        return 0;
    }
    join(START(forward));
    int status = 0;
    require(child > 0 && waitpid(child, &status, 0) == child && status == 0, "a child that ends well");
    return 0;
}
