#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "pool.h"

/* The system's limit, with the byte that ends it. */
enum { SYSTEM_NAME_SIZE = 16 };

struct task {
    lockorder_work work;
    void *argument;
    struct lockorder_callbacks callbacks;
};

static void answer(const struct lockorder_callbacks *callbacks, int error, void *result)
{
    if (error == 0 && callbacks->done != NULL)
        callbacks->done(callbacks->closure, result);
    else if (error != 0 && callbacks->failed != NULL)
        callbacks->failed(callbacks->closure, error);
}

static void *work(void *argument)
{
    struct lockorder_thread_pool *pool = argument;
    self.serves = pool;
    void *item;
    while (lockorder_queue_get(&pool->tasks, &item) == 0) {
        struct task task = *(struct task *)item;
        free(item);
        void *result = NULL;
        int error = task.work(task.argument, &result);
        answer(&task.callbacks, error, result);
    }
    return NULL;
}

static unsigned processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count > 0 ? (unsigned)count : 1;
}

static int start_thread(struct lockorder_thread_pool *pool, const char *name)
{
    pthread_t *thread = &pool->threads[pool->started];
    int error = pthread_create(thread, NULL, work, pool);
    if (error != 0)
        return error;
    pool->started++;
    if (name != NULL) {
        char short_name[SYSTEM_NAME_SIZE];
        snprintf(short_name, sizeof short_name, "%s", name);
        pthread_setname_np(*thread, short_name);
    }
    return 0;
}

int lockorder_thread_pool_init(struct lockorder_thread_pool *pool, unsigned threads, const char *name)
{
    *pool = (struct lockorder_thread_pool){.started = 0};
    if (threads == 0)
        threads = processors();
    int error = lockorder_queue_init(&pool->tasks, LOCKORDER_SIMPLE, LOCKORDER_UNBOUNDED, name);
    if (error != 0)
        return error;
    pool->threads = calloc(threads, sizeof *pool->threads);
    error = pool->threads == NULL ? ENOMEM : 0;
    while (error == 0 && pool->started < threads)
        error = start_thread(pool, name);
    if (error != 0) {
        lockorder_thread_pool_close(pool, LOCKORDER_CANCEL_QUEUED);
        lockorder_thread_pool_join(pool);
        lockorder_thread_pool_destroy(pool);
    }
    return error;
}

int lockorder_thread_pool_destroy(struct lockorder_thread_pool *pool)
{
    if (pool->started > 0)
        return EBUSY;
    free(pool->threads);
    return lockorder_queue_destroy(&pool->tasks);
}

int lockorder_thread_pool_apply_async(struct lockorder_thread_pool *pool, lockorder_work task_work, void *argument,
                                      const struct lockorder_callbacks *callbacks)
{
    struct task *task = malloc(sizeof *task);
    if (task == NULL)
        return ENOMEM;
    *task = (struct task){.work = task_work, .argument = argument};
    if (callbacks != NULL)
        task->callbacks = *callbacks;
    int error = lockorder_queue_put(&pool->tasks, task);
    if (error != 0)
        free(task);
    return error;
}

void lockorder_thread_pool_close(struct lockorder_thread_pool *pool, enum lockorder_queued queued)
{
    void *item;
    lockorder_queue_close(&pool->tasks);
    while (queued == LOCKORDER_CANCEL_QUEUED && lockorder_queue_try_get(&pool->tasks, &item) == 0) {
        struct task task = *(struct task *)item;
        free(item);
        answer(&task.callbacks, ECANCELED, NULL);
    }
}

int lockorder_thread_pool_join(struct lockorder_thread_pool *pool)
{
    if (pool_is_mine(pool))
        return EDEADLK;
    if (!lockorder_queue_is_closed(&pool->tasks))
        return EBUSY;
    for (; pool->started > 0; pool->started--)
        pthread_join(pool->threads[pool->started - 1], NULL);
    return 0;
}
