#include "segment.h"

#include <elf.h>
#include <string.h>
#include <sys/auxv.h>

#define FIRST_PAGE 4096 /* the loader, too, expects them there */

/* A program that the kernel has mapped with holes between its segments (LLVM's linker leaves some) is one object for each of
 * them: most begin with anything but the headers. The kernel has told where those are. */
static const ElfW(Phdr) * program_headers_of_main(unsigned *count)
{
    *count = (unsigned)getauxval(AT_PHNUM);
    return getauxval(AT_PHENT) == sizeof(ElfW(Phdr)) ? (const ElfW(Phdr) *)getauxval(AT_PHDR) : NULL;
}

const ElfW(Phdr) * module_program_headers(const struct dl_find_object *object, unsigned *count)
{
    const ElfW(Ehdr) *header = object->dlfo_map_start;
    if (object->dlfo_link_map == _r_debug.r_map)
        return program_headers_of_main(count);
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_phentsize != sizeof(ElfW(Phdr)) ||
        header->e_phoff % sizeof(ElfW(Addr)) != 0 || header->e_phoff > FIRST_PAGE ||
        header->e_phnum > (FIRST_PAGE - header->e_phoff) / sizeof(ElfW(Phdr)))
        return NULL;
    *count = header->e_phnum;
    return (const void *)((const char *)header + header->e_phoff);
}

struct segment segment_around(const struct dl_find_object *object, uintptr_t address)
{
    unsigned count;
    const ElfW(Phdr) *headers = module_program_headers(object, &count);
    for (unsigned i = 0; headers && i < count; i++) {
        uintptr_t start = object->dlfo_link_map->l_addr + headers[i].p_vaddr;
        if (headers[i].p_type == PT_LOAD && (headers[i].p_flags & PF_R) && address >= start &&
            address - start < headers[i].p_memsz)
            return (struct segment){start, start + headers[i].p_memsz};
    }
    return (struct segment){0, 0};
}
