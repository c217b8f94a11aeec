#include <stdio.h>

#include <lockorder/lockorder.h>

enum { RUNNERS = 3 };

static struct lockorder_latch ready;
static struct lockorder_event go;
static struct lockorder_barrier lap;
static int laps;

static int count_lap(void *closure)
{
    (void)closure;
    laps++; /* by one runner, while all others wait */
    return 0;
}

static void *run(void *argument)
{
    (void)argument;
    lockorder_latch_count_down(&ready);
    lockorder_event_wait(&go);
    for (int i = 0; i < 10; i++)
        lockorder_barrier_wait(&lap, NULL);
    return NULL;
}

int main(void)
{
    lockorder_latch_init(&ready, RUNNERS, "ready");
    lockorder_event_init(&go, "go");
    lockorder_barrier_init(&lap, RUNNERS, count_lap, NULL, "lap");
    pthread_t runners[RUNNERS];
    for (int i = 0; i < RUNNERS; i++)
        pthread_create(&runners[i], NULL, run, NULL);

    lockorder_latch_wait(&ready);
    printf("all are ready\n");
    lockorder_event_set(&go);
    for (int i = 0; i < RUNNERS; i++)
        pthread_join(runners[i], NULL);
    printf("laps: %d\n", laps);

    /* Alone, at a place for three: the wait ends at its limit, and the barrier is broken for all. */
    struct lockorder_limit limit = lockorder_limit_after(LOCKORDER_MILLISECOND);
    lockorder_barrier_wait_within(&lap, NULL, &limit);
    printf("broken: %s\n", lockorder_barrier_is_broken(&lap) ? "yes" : "no");

    lockorder_latch_destroy(&ready);
    lockorder_event_destroy(&go);
    lockorder_barrier_destroy(&lap);
    return 0;
}
