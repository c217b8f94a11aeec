/* Two threads take two locks in both orders, one after the other. It needs as many bytes as its argument says. */
#include <semaphore.h>

#include "guest.h"

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static sem_t forward_is_done;

static void *forward(void *unused)
{
    lock_both(&first, &second);
    sem_post(&forward_is_done);
    return unused;
}

static void *backward(void *unused)
{
    sem_wait(&forward_is_done);
    lock_both(&second, &first);
    return unused;
}

int main(int count, char **arguments)
{
    pthread_t threads[2];
    size_t bytes = count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
    char *memory = malloc(bytes);
    require(memory != NULL, "memory");
    memory[bytes - 1] = 1;
    sem_init(&forward_is_done, 0, 0);
    require(pthread_create(&threads[0], NULL, forward, NULL) == 0, "a thread");
    require(pthread_create(&threads[1], NULL, backward, NULL) == 0, "a thread");
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    free(memory);
    puts("both locked twice");
    return 3;
}
