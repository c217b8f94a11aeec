/* What of a module's memory can be read: between its segments may be holes, and what lies in it may speak of any address. */
#ifndef LOCKORDER_PRELOAD_SEGMENT_H
#define LOCKORDER_PRELOAD_SEGMENT_H

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>

struct segment {
    uintptr_t start, end; /* equal where there is none */
};

/* The module's program headers, and how many; NULL when it does not have them in memory, where the linker puts them. */
const ElfW(Phdr) *module_program_headers(const struct dl_find_object *object, unsigned *count);

/* The loaded segment that `address` lies in, if it can be read. */
struct segment segment_around(const struct dl_find_object *object, uintptr_t address);

static inline bool segment_has(struct segment segment, uintptr_t address)
{
    return address >= segment.start && address < segment.end;
}

#endif
