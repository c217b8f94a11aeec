#include <errno.h>
#include <stdio.h>

#include <lockorder/lockorder.h>

static struct lockorder_event never;

static void wait_until_stopped(void *argument)
{
    struct lockorder_limit limit = lockorder_limit_stop(lockorder_thread_stop(lockorder_thread_current()));
    int error = lockorder_event_wait_within(&never, &limit);
    *(int *)argument = error;
}

static void tick(void *argument)
{
    lockorder_latch_count_down(argument);
}

int main(void)
{
    struct lockorder_threads threads;
    struct lockorder_thread *sleeper;
    int error = 0;
    lockorder_event_init(&never, "never");
    lockorder_threads_init(&threads, "threads");
    struct lockorder_thread_options options = {.name = "sleeper", .function = wait_until_stopped, .argument = &error};
    lockorder_thread_start(&threads, &options, &sleeper);
    printf("threads: %zu, the first is called %s\n", lockorder_threads_count(&threads), lockorder_thread_name(sleeper));

    struct lockorder_limit limit = lockorder_limit_after(LOCKORDER_MILLISECOND);
    printf("joined in time: %s\n", lockorder_thread_join_within(sleeper, &limit) == ETIMEDOUT ? "no" : "yes");
    lockorder_stop_request(lockorder_thread_stop(sleeper));
    lockorder_thread_join(sleeper);
    printf("its wait returned %s\n", error == ECANCELED ? "ECANCELED" : "?");
    lockorder_thread_release(sleeper);
    lockorder_threads_destroy(&threads);
    lockorder_event_destroy(&never);

    struct lockorder_timer timer;
    struct lockorder_latch three_ticks;
    lockorder_latch_init(&three_ticks, 3, "ticks");
    lockorder_timer_start(&timer, 0, LOCKORDER_MILLISECOND, tick, &three_ticks);
    lockorder_latch_wait(&three_ticks);
    lockorder_timer_cancel(&timer);
    lockorder_timer_join(&timer);
    printf("three ticks\n");
    lockorder_latch_destroy(&three_ticks);
    return 0;
}
