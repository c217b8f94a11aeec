/* Allocates and frees in several threads through the allocator that it is linked with: jemalloc, whose allocation takes pthread mutexes
 * and which interposes pthread_create itself, or tcmalloc. Prints what must be the same in every run. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if WITH_JEMALLOC
#include <jemalloc/jemalloc.h>
#else
const char *tc_version(int *major, int *minor, const char **patch); /* its package has no header */
#endif

enum { THREADS = 4, GENERATIONS = 3, ROUNDS = 100000, SLOTS = 64 };

struct block {
    size_t size;
    unsigned char bytes[];
};

/* Blocks handed from thread to thread: most are freed by a thread that did not allocate them. */
static struct block *shared[SLOTS];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static uint64_t released;

static struct block *make_block(uint64_t *random)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    size_t size = 1 + (*random >> 33) % ((*random >> 60) == 0 ? 200000 : 700);
    struct block *block = malloc(sizeof *block + size);
    if (!block)
        abort();
    block->size = size;
    memset(block->bytes, (int)(size & 0xff), size);
    return block;
}

static void release_block(struct block *block)
{
    if (block && (block->bytes[0] != (block->size & 0xff) || block->bytes[block->size - 1] != (block->size & 0xff)))
        abort();
    free(block);
}

static void *allocate(void *argument)
{
    uint64_t random = (uintptr_t)argument;
    for (int round = 0; round < ROUNDS; round++) {
        struct block *block = make_block(&random);
        pthread_mutex_lock(&guard);
        struct block *other = shared[round % SLOTS];
        shared[round % SLOTS] = block;
        released += other != NULL;
        pthread_mutex_unlock(&guard);
        release_block(other);
    }
    return NULL;
}

static const char *allocator_version(void)
{
    const char *version = NULL;
#if WITH_JEMALLOC
    size_t size = sizeof version;
    if (mallctl("version", &version, &size, NULL, 0) != 0)
        return NULL;
#else
    int major, minor;
    tc_version(&major, &minor, &version);
#endif
    return version;
}

int main(void)
{
    const char *version = allocator_version();
    if (!version) {
        fprintf(stderr, "another allocator than expected\n");
        return 1;
    }
    for (int generation = 0; generation < GENERATIONS; generation++) {
        pthread_t threads[THREADS];
        for (uintptr_t i = 0; i < THREADS; i++)
            if (pthread_create(&threads[i], NULL, allocate, (void *)(i + 1)) != 0)
                return 1;
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < SLOTS; i++)
        release_block(shared[i]);
    printf("version %s: %d blocks, %llu handed over\n", version, THREADS * GENERATIONS * ROUNDS, (unsigned long long)released);
    return 5;
}
