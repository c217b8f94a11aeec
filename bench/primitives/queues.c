/* The bounded queue against a ring with a mutex and two conditions, and against GLib's queue, which is not bounded. */
#include "comparison.h"

#include <pthread.h>
#include <stddef.h>

#include <lockorder/queue.h>

#ifdef HAVE_GLIB
#include <glib.h>
#endif

enum { CAPACITY = 1024, MOST_SIDES = 4 };

/* What all threads of one run share. */
struct traffic {
    void (*put)(void *item);
    void *(*get)(void);
    int per_thread;
    int next;
    int threads; /* of each side */
};

static char item; /* what is put, again and again */

static void *take_part(void *closure)
{
    struct traffic *traffic = closure;
    int place = __atomic_fetch_add(&traffic->next, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < traffic->per_thread; i++) {
        if (place < traffic->threads)
            traffic->put(&item);
        else
            traffic->get();
    }
    return NULL;
}

static double run_traffic(void (*put)(void *item), void *(*get)(void), int threads, int times)
{
    struct traffic traffic = {put, get, times / threads, 0, threads};
    return run_threads(2 * threads, take_part, &traffic);
}

static struct lockorder_queue queue;

static void queue_put(void *put)
{
    lockorder_queue_put(&queue, put);
}

static void *queue_get(void)
{
    void *got;
    lockorder_queue_get(&queue, &got);
    return got;
}

static double with_queue(int threads, int times)
{
    lockorder_queue_init(&queue, LOCKORDER_FIFO, CAPACITY, NULL);
    double time = run_traffic(queue_put, queue_get, threads, times);
    lockorder_queue_destroy(&queue);
    return time;
}

/* What one writes without a library. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t not_full, not_empty;
    void *items[CAPACITY];
    size_t first, size;
} ring = {.mutex = PTHREAD_MUTEX_INITIALIZER, .not_full = PTHREAD_COND_INITIALIZER, .not_empty = PTHREAD_COND_INITIALIZER};

static void ring_put(void *put)
{
    pthread_mutex_lock(&ring.mutex);
    while (ring.size == CAPACITY)
        pthread_cond_wait(&ring.not_full, &ring.mutex);
    ring.items[(ring.first + ring.size++) % CAPACITY] = put;
    pthread_cond_signal(&ring.not_empty);
    pthread_mutex_unlock(&ring.mutex);
}

static void *ring_get(void)
{
    pthread_mutex_lock(&ring.mutex);
    while (ring.size == 0)
        pthread_cond_wait(&ring.not_empty, &ring.mutex);
    void *got = ring.items[ring.first];
    ring.first = (ring.first + 1) % CAPACITY;
    ring.size--;
    pthread_cond_signal(&ring.not_full);
    pthread_mutex_unlock(&ring.mutex);
    return got;
}

static double queue_of_one(int times)
{
    return with_queue(1, times);
}

static double queue_of_four(int times)
{
    return with_queue(MOST_SIDES, times);
}

static double ring_of_one(int times)
{
    return run_traffic(ring_put, ring_get, 1, times);
}

static double ring_of_four(int times)
{
    return run_traffic(ring_put, ring_get, MOST_SIDES, times);
}

#ifdef HAVE_GLIB
static GAsyncQueue *async_queue;

static void async_put(void *put)
{
    g_async_queue_push(async_queue, put);
}

static void *async_get(void)
{
    return g_async_queue_pop(async_queue);
}

static double with_async_queue(int threads, int times)
{
    async_queue = g_async_queue_new();
    double time = run_traffic(async_put, async_get, threads, times);
    g_async_queue_unref(async_queue);
    return time;
}

static double async_of_one(int times)
{
    return with_async_queue(1, times);
}

static double async_of_four(int times)
{
    return with_async_queue(MOST_SIDES, times);
}
#else
static double (*const async_of_one)(int) = NULL, (*const async_of_four)(int) = NULL;
#endif

#ifdef HAVE_GLIB
#define ASYNC_QUEUE "GAsyncQueue"
#else
#define ASYNC_QUEUE NULL
#endif

const struct comparison queue_comparisons[] = {
    {"queue, 1 to 1", 40000,
     {{"lockorder_queue", queue_of_one}, {"mutex + 2 conditions", ring_of_one}, {ASYNC_QUEUE, async_of_one}}, {0, 1, 1}},
    {"queue, 4 to 4", 40000,
     {{"lockorder_queue", queue_of_four}, {"mutex + 2 conditions", ring_of_four}, {ASYNC_QUEUE, async_of_four}}, {0, 1, 1}},
    {NULL, 0, {{NULL, NULL}}, {0}},
};
