#include <stdio.h>

#include <lockorder/lockorder.h>

static struct lockorder_queue jobs;
static long sum; /* the consumer's, until it is joined */

static void *consume(void *argument)
{
    void *item;
    (void)argument;
    while (lockorder_queue_get(&jobs, &item) == 0) {
        sum += *(int *)item;
        lockorder_queue_task_done(&jobs);
    }
    return NULL; /* closed and empty */
}

static int by_value(const void *item, const void *other)
{
    return *(const int *)item - *(const int *)other;
}

int main(void)
{
    int numbers[] = {5, 3, 9, 1};
    pthread_t consumer;
    lockorder_queue_init(&jobs, LOCKORDER_FIFO, 2, "jobs"); /* bounded: the producer waits for room */
    pthread_create(&consumer, NULL, consume, NULL);
    for (int i = 0; i < 4; i++)
        lockorder_queue_put(&jobs, &numbers[i]);
    lockorder_queue_join(&jobs); /* all work is done */
    lockorder_queue_close(&jobs);
    pthread_join(consumer, NULL);
    lockorder_queue_destroy(&jobs);
    printf("sum: %ld\n", sum);

    struct lockorder_queue smallest;
    void *item;
    lockorder_queue_init_priority(&smallest, by_value, LOCKORDER_UNBOUNDED, "smallest");
    for (int i = 0; i < 4; i++)
        lockorder_queue_put(&smallest, &numbers[i]);
    printf("in order:");
    while (lockorder_queue_try_get(&smallest, &item) == 0)
        printf(" %d", *(int *)item);
    printf("\n");
    lockorder_queue_destroy(&smallest);
    return 0;
}
