/* Everything in it that has a name has one that is a megabyte long, or made for who shows it: its arguments, its threads, its locks, the
 * symbols of its locks and functions. Its two locks can deadlock. */
#include <lockorder/annotate.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

enum { MEGABYTE = 1 << 20 };

#define TEN_TIMES(text) text text text text text text text text text text
#define A_MILLION TEN_TIMES(TEN_TIMES(TEN_TIMES(TEN_TIMES(TEN_TIMES("long_names")))))
#define HOSTILE "\"<img src=x onerror=alert(1)>]]>--></script>`|\x1b[2J\x9b\xff\""

struct work {
    pthread_mutex_t *outer, *inner;
    const char *name;
    sem_t *begin, *done;
};

extern pthread_mutex_t long_one __asm__(A_MILLION), hostile_one __asm__(HOSTILE);
pthread_mutex_t long_one = PTHREAD_MUTEX_INITIALIZER, hostile_one = PTHREAD_MUTEX_INITIALIZER;

void *lock_both(void *argument) __asm__("f" A_MILLION);
__attribute__((noinline)) void *lock_both(void *argument)
{
    const struct work *work = argument;
    pthread_setname_np(pthread_self(), work->name);
    sem_wait(work->begin);
    pthread_mutex_lock(work->outer);
    pthread_mutex_lock(work->inner);
    pthread_mutex_unlock(work->inner);
    pthread_mutex_unlock(work->outer);
    sem_post(work->done);
    return NULL;
}

/* One after the other, though nothing but a semaphore says so. */
static void lock_in_both_orders(void)
{
    sem_t turns[3];
    pthread_t threads[2];
    for (int i = 0; i < 3; i++)
        sem_init(&turns[i], 0, 0);
    struct work work[] = {{&long_one, &hostile_one, "\x1b[2J<img \n>", &turns[0], &turns[1]},
                          {&hostile_one, &long_one, "\xff\xfe\x9b\x80", &turns[1], &turns[2]}};
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, lock_both, &work[i]) != 0)
            abort();
    sem_post(&turns[0]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

/* With an argument, its locks have names that it gives them. */
int main(int count, char **arguments)
{
    char *name = malloc(MEGABYTE + 1);
    if (!name || !arguments[0])
        return 1;
    memset(name, '\x1b', MEGABYTE);
    name[MEGABYTE] = '\0';
    if (count > 1) {
        lockorder_name_lock(&long_one, name);
        memset(name, '\xff', MEGABYTE);
        lockorder_name_lock(&hostile_one, name);
        lockorder_declare_order(name, "\n<img src=x>");
    }
    lock_in_both_orders();
    free(name);
    return 0;
}
