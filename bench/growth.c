/* Whether a lock call costs more as the program grows. Builds the world first, then prints for each line on stdin the nanoseconds
 * that an acquire/release pair takes in it:
 *
 *     growth locks N          of N mutexes, each used once before, one; nothing else held
 *     growth nested N         the same, all of them used under one other before
 *     growth threads N        while N threads are there, which have locked and wait
 *     growth orders N         after N different pairs of mutexes were nested
 *     growth --memory KIND N  no time: prints the resident memory, in bytes, once the world is built */
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAIRS = 200000, ORDERS_OF_ONE = 1000, STACK = 64 * 1024 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, one = PTHREAD_MUTEX_INITIALIZER;
static sem_t ready, never;

static void pass(pthread_mutex_t *mutex)
{
    pthread_mutex_lock(mutex);
    pthread_mutex_unlock(mutex);
}

static pthread_mutex_t *make(size_t count)
{
    pthread_mutex_t *mutexes = calloc(count, sizeof *mutexes); /* as PTHREAD_MUTEX_INITIALIZER */
    if (!mutexes)
        abort();
    return mutexes;
}

static void grow_locks(size_t count)
{
    pthread_mutex_t *mutexes = make(count);
    for (size_t i = 0; i < count; i++)
        pass(&mutexes[i]);
}

static void grow_nested(size_t count)
{
    pthread_mutex_t *mutexes = make(count);
    pthread_mutex_lock(&outer);
    for (size_t i = 0; i < count; i++)
        pass(&mutexes[i]);
    pthread_mutex_unlock(&outer);
}

static void grow_orders(size_t count)
{
    pthread_mutex_t *held = make(count / ORDERS_OF_ONE + 1), *wanted = make(ORDERS_OF_ONE);
    for (size_t i = 0; i < count; i++) {
        pthread_mutex_lock(&held[i / ORDERS_OF_ONE]);
        pass(&wanted[i % ORDERS_OF_ONE]);
        pthread_mutex_unlock(&held[i / ORDERS_OF_ONE]);
    }
}

static void *lock_and_stay(void *unused)
{
    pthread_mutex_lock(&outer);
    pass(&one);
    pthread_mutex_unlock(&outer);
    sem_post(&ready);
    while (sem_wait(&never) != 0)
        ;
    return unused;
}

static void grow_threads(size_t count)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    sem_init(&ready, 0, 0);
    sem_init(&never, 0, 0);
    for (size_t i = 0; i < count; i++) {
        if (pthread_create(&thread, &attributes, lock_and_stay, NULL) != 0) {
            perror("pthread_create");
            _exit(EXIT_FAILURE);
        }
        sem_wait(&ready);
    }
}

static const struct {
    const char *name;
    void (*grow)(size_t count);
} kinds[] = {{"locks", grow_locks}, {"nested", grow_nested}, {"threads", grow_threads}, {"orders", grow_orders}};

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void measure_on_request(void)
{
    char request[16];
    while (fgets(request, sizeof request, stdin)) {
        uint64_t start = now();
        for (int i = 0; i < PAIRS; i++) {
            pthread_mutex_lock(&outer);
            pass(&one);
            pthread_mutex_unlock(&outer);
        }
        printf("%.3f\n", (double)(now() - start) / (2 * PAIRS));
        fflush(stdout);
    }
}

static void print_memory(void)
{
    unsigned long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%lu %lu", &pages, &resident) != 2)
        abort();
    fclose(file);
    printf("%lu\n", resident * (unsigned long)sysconf(_SC_PAGESIZE));
}

int main(int count, char **arguments)
{
    int memory = count == 4 && strcmp(arguments[1], "--memory") == 0;
    if (count != 3 + memory) {
        fprintf(stderr, "usage: growth [--memory] locks|nested|threads|orders N\n");
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, arguments[1 + memory]) == 0)
            kinds[i].grow(strtoul(arguments[2 + memory], NULL, 10));
    if (memory)
        print_memory();
    else
        measure_on_request();
    fflush(stdout);
    _exit(EXIT_SUCCESS); /* the threads stay */
}
