#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <lockorder/lockorder.h>

static int measure(void *argument, void **result)
{
    const char *word = argument;
    if (word[0] == '\0')
        return EINVAL;
    *result = argument;
    return 0;
}

int main(void)
{
    char *words[] = {"to", "measure", "", "is", "to", "know"};
    enum { WORDS = 6 };
    void *arguments[WORDS];
    memcpy(arguments, words, sizeof arguments);

    struct lockorder_executor executor;
    struct lockorder_future *futures[WORDS];
    lockorder_executor_init(&executor, 0, "measurers"); /* 0: a thread for each processor */
    lockorder_executor_map(&executor, measure, arguments, WORDS, futures);
    for (int i = 0; i < WORDS; i++) {
        void *result;
        int error = lockorder_future_result(futures[i], &result);
        if (error == 0)
            printf("%zu ", strlen(result));
        else
            printf("(%s) ", error == EINVAL ? "EINVAL" : "?");
        lockorder_future_release(futures[i]);
    }
    printf("\n");
    lockorder_executor_shutdown(&executor, LOCKORDER_FINISH_QUEUED);
    lockorder_executor_destroy(&executor);

    struct lockorder_thread_pool pool;
    void *results[WORDS];
    lockorder_thread_pool_init(&pool, 2, "pool");
    int error = lockorder_thread_pool_map(&pool, measure, arguments, WORDS, results);
    printf("the first error of all: %s\n", error == EINVAL ? "EINVAL" : "?");
    lockorder_thread_pool_close(&pool, LOCKORDER_FINISH_QUEUED);
    lockorder_thread_pool_join(&pool);
    lockorder_thread_pool_destroy(&pool);
    return 0;
}
