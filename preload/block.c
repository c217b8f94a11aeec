/* memset, memcpy and memmove of this library's own; the compiler calls them, too. Those of libc may be a sanitizer's, which
 * would see them change the recorder's memory, know nothing of its lock, and tell of data races that are none. */
#include <stddef.h>
#include <stdint.h>

#define OWN __attribute__((visibility("hidden")))

OWN void *memset(void *block, int byte, size_t size);
OWN void *memcpy(void *restrict to, const void *restrict from, size_t size);
OWN void *memmove(void *to, const void *from, size_t size);

static void copy_forward(char *to, const char *from, size_t size)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

void *memset(void *block, int byte, size_t size)
{
    void *next = block;
    __asm__ volatile("rep stosb" : "+D"(next), "+c"(size) : "a"(byte) : "memory");
    return block;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    copy_forward(to, from, size);
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    char *last = (char *)to + size - 1;
    const char *last_from = (const char *)from + size - 1;
    if ((uintptr_t)to - (uintptr_t)from >= size) /* `from` is further on, or they do not overlap */
        copy_forward(to, from, size);
    else
        __asm__ volatile("std\n\trep movsb\n\tcld" : "+D"(last), "+S"(last_from), "+c"(size) : : "memory");
    return to;
}
