#include "arena.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "raw_system_call.h"

#define ARENA_CHUNK ((size_t)256 << 10)
#define ARENA_ALIGNMENT ((size_t)64)

static char *arena_next;
static size_t arena_left;

static char *ahead; /* pages reserved for a sandbox */
static size_t ahead_size;
static size_t ahead_used;

static void *map_pages(size_t size, int flags)
{
    long result = raw_system_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    return result < 0 && result > -4096 ? NULL : (void *)result;
}

void pages_reserve(size_t size)
{
    if (!ahead && (ahead = map_pages(size, MAP_NORESERVE)))
        ahead_size = size;
}

static void *allocate_ahead(size_t size)
{
    size_t start = __atomic_fetch_add(&ahead_used, (size + 4095) & ~(size_t)4095, __ATOMIC_RELAXED);
    return start <= ahead_size && size <= ahead_size - start ? ahead + start : NULL;
}

void *pages_allocate(size_t size)
{
    return recorder_in_sandbox ? allocate_ahead(size) : map_pages(size, 0);
}

void pages_release(void *pages, size_t size)
{
    raw_system_call(SYS_munmap, (long)pages, (long)size, 0, 0, 0, 0);
}

void pages_forget(void *pages, size_t size)
{
    raw_system_call(SYS_madvise, (long)pages, (long)size, MADV_DONTNEED, 0, 0, 0);
}

void arena_abandon(void)
{
    arena_left = 0;
}

void *arena_allocate(size_t size)
{
    size = (size + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
    if (size > ARENA_CHUNK / 4)
        return pages_allocate(size);
    if (size > arena_left) {
        char *chunk = pages_allocate(ARENA_CHUNK);
        if (!chunk)
            return NULL;
        arena_next = chunk;
        arena_left = ARENA_CHUNK;
    }
    void *block = arena_next;
    arena_next += size;
    arena_left -= size;
    return block;
}
