#include "arena.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "raw_system_call.h"

#define ARENA_CHUNK ((size_t)256 << 10)
#define ARENA_ALIGNMENT ((size_t)64)

static char *arena_next;
static size_t arena_left;

void *pages_allocate(size_t size)
{
    long result = raw_system_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return result < 0 && result > -4096 ? NULL : (void *)result;
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
