/* Many tasks with one answer. */
#include <errno.h>
#include <stdlib.h>

#include <lockorder/latch.h>

#include "pool.h"

struct map {
    void **results;
    void (*done)(void *closure, int error);
    void *closure;
    pthread_mutex_t mutex;
    size_t unanswered; /* protected by mutex */
    size_t count;
    struct part *parts;
};

struct part {
    struct map *map;
    int error; /* written by the thread that works on it, read by the one that answers last */
};

/* The last to come answers for all. */
static void part_answered(struct map *map)
{
    pthread_mutex_lock(&map->mutex);
    bool last = --map->unanswered == 0;
    pthread_mutex_unlock(&map->mutex);
    if (!last)
        return;
    int error = 0;
    for (size_t i = 0; i < map->count && error == 0; i++)
        error = map->parts[i].error;
    if (map->done != NULL)
        map->done(map->closure, error);
    pthread_mutex_destroy(&map->mutex);
    free(map->parts);
    free(map);
}

static void part_done(void *closure, void *result)
{
    struct part *part = closure;
    part->map->results[part - part->map->parts] = result;
    part_answered(part->map);
}

static void part_failed(void *closure, int error)
{
    struct part *part = closure;
    part->error = error;
    part_answered(part->map);
}

static struct map *new_map(size_t count)
{
    struct map *map = malloc(sizeof *map);
    struct part *parts = calloc(count + 1, sizeof *parts);
    if (map == NULL || parts == NULL) {
        free(map);
        free(parts);
        return NULL;
    }
    /* One more is unanswered until all are given, so that the map outlives the giving. */
    *map = (struct map){.unanswered = count + 1, .count = count, .parts = parts};
    pthread_mutex_init(&map->mutex, NULL);
    return map;
}

int lockorder_thread_pool_map_async(struct lockorder_thread_pool *pool, lockorder_work work, void *const *arguments, size_t count,
                                    void **results, void (*done)(void *closure, int error), void *closure)
{
    if (lockorder_queue_is_closed(&pool->tasks))
        return EPIPE;
    struct map *map = new_map(count);
    if (map == NULL)
        return ENOMEM;
    map->results = results;
    map->done = done;
    map->closure = closure;
    for (size_t i = 0; i < count; i++) {
        struct part *part = &map->parts[i];
        part->map = map;
        struct lockorder_callbacks callbacks = {part_done, part_failed, part};
        int error = lockorder_thread_pool_apply_async(pool, work, arguments[i], &callbacks);
        if (error != 0)
            part_failed(part, error);
    }
    part_answered(map);
    return 0;
}

struct waiting_map {
    struct lockorder_latch answered;
    int error;
};

static void wake(void *closure, int error)
{
    struct waiting_map *waiting = closure;
    waiting->error = error;
    lockorder_latch_count_down(&waiting->answered);
}

int lockorder_thread_pool_map(struct lockorder_thread_pool *pool, lockorder_work work, void *const *arguments, size_t count,
                              void **results)
{
    if (pool_is_mine(pool))
        return EDEADLK;
    struct waiting_map waiting;
    lockorder_latch_init(&waiting.answered, 1, NULL);
    int error = lockorder_thread_pool_map_async(pool, work, arguments, count, results, wake, &waiting);
    if (error == 0) {
        lockorder_latch_wait(&waiting.answered);
        error = waiting.error;
    }
    lockorder_latch_destroy(&waiting.answered);
    return error;
}
