/* Memory of the analyzer. Out of memory ends the command with one line: the analyzer is nobody's guest. */
#ifndef LOCKORDER_ANALYZER_ALLOCATE_H
#define LOCKORDER_ANALYZER_ALLOCATE_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn static inline void allocate_failed(void)
{
    fputs("lockorder: out of memory\n", stderr);
    exit(2);
}

/* uthash.h is included after this header, so that its tables fail in the same way. */
#define uthash_fatal(message) allocate_failed()

/* Returns `memory` unless it is NULL. */
static inline void *allocate_checked(void *memory)
{
    if (memory == NULL)
        allocate_failed();
    return memory;
}

static inline void *allocate_zeroed(size_t count, size_t size)
{
    return allocate_checked(calloc(count == 0 ? 1 : count, size));
}

static inline char *allocate_copy(const char *text)
{
    return allocate_checked(strdup(text));
}

/* The text that printf would print. */
static inline __attribute__((format(printf, 1, 2))) char *allocate_text(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    size_t size = length < 0 ? 1 : (size_t)length + 1;
    char *text = allocate_zeroed(size, 1);
    vsnprintf(text, size, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

/* Makes room for element number `count` of an array that doubles whenever `count` is a power of two; start with NULL and 0. */
static inline void *allocate_grown(void *array, size_t count, size_t size)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    return allocate_checked(reallocarray(array, count == 0 ? 1 : 2 * count, size));
}

#endif
