/* Takes one lock under another, once, and says so. */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    puts("both locked");
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
    return 0;
}
