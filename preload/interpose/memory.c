/* The end of a block of memory ends the lives of the locks in it. */
#include "lock_table.h"
#include "real.h"

#define EXPORT __attribute__((visibility("default")))

static __attribute__((noinline)) void free_slow(void *block)
{
    int saved_errno;
    size_t size = real.malloc_usable_size ? real.malloc_usable_size(block) : 1;
    if (lock_table_may_lie_in((uintptr_t)block, size) && recorder_enter(&saved_errno)) {
        recorder_lock();
        lock_table_end_lives_in((uintptr_t)block, size, TRACE_LOCK_FREED);
        recorder_unlock();
        recorder_leave(saved_errno);
    }
    real.free(block);
}

EXPORT void free(void *block)
{
    if (unlikely(lock_table_may_cover((uintptr_t)block))) {
        free_slow(block);
        return;
    }
    real.free(block);
}
