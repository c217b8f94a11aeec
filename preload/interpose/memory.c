/* The end of a block of memory ends the lives of the locks in it. */
#include "acquire_call.h"
#include "lock_table.h"
#include "young_locks.h"

static SLOW void end_known_lives(void *start, size_t size, enum trace_lock_end_reason reason)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    recorder_lock();
    lock_table_end_lives_in((uintptr_t)start, size, reason);
    recorder_unlock();
    recorder_leave(saved_errno);
}

static inline void end_lives(void *start, size_t size, enum trace_lock_end_reason reason)
{
    union lock_page pages = lock_pages_of_block((uintptr_t)start, size);
    if (pages.young && young_may_lie_in((uintptr_t)start, size))
        young_end_in((uintptr_t)start, size);
    if (pages.known)
        end_known_lives(start, size, reason);
}

static size_t size_of(void *block)
{
    return real.malloc_usable_size ? real.malloc_usable_size(block) : 1;
}

static SLOW void free_slow(void *block)
{
    end_lives(block, size_of(block), TRACE_LOCK_FREED);
    real.free(block);
}

EXPORT void free(void *block)
{
    if (unlikely(lock_table_may_cover((uintptr_t)block)) && block) {
        free_slow(block);
        return;
    }
    real.free(block);
}

/* Whether the block will move is not known before, and afterwards its old place may have been given away: a lock that another
 * thread has made there since then begins another life, which does no harm. */
static SLOW void *realloc_slow(void *block, size_t size)
{
    size_t former_size = size_of(block);
    void *result = real.realloc(block, size);
    if (result != block && (result || !size))
        end_lives(block, former_size, TRACE_LOCK_FREED);
    return result;
}

EXPORT void *realloc(void *block, size_t size)
{
    if (unlikely(block && lock_table_may_cover((uintptr_t)block)))
        return realloc_slow(block, size);
    return real.realloc(block, size);
}

EXPORT int munmap(void *start, size_t size)
{
    if (unlikely(lock_table_regions_have_locks((uintptr_t)start, size)))
        end_lives(start, size, TRACE_LOCK_UNMAPPED);
    return real.munmap(start, size);
}
