#include <lockorder/limit.h>

#include <stddef.h>

struct lockorder_limit lockorder_limit_after(int64_t nanoseconds)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    if (nanoseconds > 0) {
        deadline.tv_sec += nanoseconds / LOCKORDER_SECOND;
        deadline.tv_nsec += nanoseconds % LOCKORDER_SECOND;
        if (deadline.tv_nsec >= LOCKORDER_SECOND) {
            deadline.tv_nsec -= LOCKORDER_SECOND;
            deadline.tv_sec++;
        }
    }
    return lockorder_limit_at(deadline);
}

struct lockorder_limit lockorder_limit_at(struct timespec deadline)
{
    return (struct lockorder_limit){.deadline = deadline, .timed = true, .stop = NULL};
}

struct lockorder_limit lockorder_limit_stop(struct lockorder_stop *stop)
{
    return (struct lockorder_limit){.timed = false, .stop = stop};
}
