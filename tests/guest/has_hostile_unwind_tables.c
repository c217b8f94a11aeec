/* Locks are taken by code whose unwind tables are broken, in ways that lead who believes them out of the module, and in circles:
 * stacks end there, and nothing else does. tests/unit/preload/hostile_tables_test.c has more of these. */
/* EXPECT nothing: one order */
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>

#include "guest.h"

enum { WAYS = 8, HEADER_WORDS = 5 }; /* version and encodings, .eh_frame, how many, and the first: its function, its entry */

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;

/* The words of .eh_frame_hdr, writable, and how many bytes there are from it to the end of its segment. */
static uint32_t *tables_of(void *function, size_t *size)
{
    struct dl_find_object module;
    require(_dl_find_object(function, &module) == 0 && module.dlfo_eh_frame, "unwind tables");
    const ElfW(Ehdr) *header = module.dlfo_map_start;
    const ElfW(Phdr) *segments = (const void *)((const char *)header + header->e_phoff);
    uintptr_t tables = (uintptr_t)module.dlfo_eh_frame;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        uintptr_t start = module.dlfo_link_map->l_addr + segments[i].p_vaddr, end = start + segments[i].p_memsz;
        if (segments[i].p_type != PT_LOAD || tables < start || tables >= end)
            continue;
        uintptr_t page = start & ~(uintptr_t)4095;
        require(mprotect((void *)page, end - page, PROT_READ | PROT_WRITE) == 0, "writable tables");
        *size = end - tables;
    }
    return module.dlfo_eh_frame;
}

static void break_tables(uint32_t *tables, size_t size, int way)
{
    unsigned char *entries = (unsigned char *)(tables + HEADER_WORDS);
    size_t entries_size = size - HEADER_WORDS * sizeof *tables;
    switch (way) {
    case 0: memset(tables, 0xff, size); break;
    case 1: memset(tables, 0, size); break;
    case 2: memset(entries, 0xff, entries_size); break;
    case 3: memset(entries, 0x7f, entries_size); break;
    case 4: memset(entries, 0x80, entries_size); break;
    case 5: tables[2] = UINT32_MAX; break;
    case 6: /* one function, whose entry lies as far away as can be */
        tables[2] = 1;
        tables[3] = (uint32_t)INT32_MIN;
        tables[4] = INT32_MAX;
        break;
    case 7: /* one function, whose entry is the table itself */
        tables[2] = 1;
        tables[3] = (uint32_t)INT32_MIN;
        tables[4] = 0;
        break;
    }
}

static void lock_there(int way)
{
    void *plugin = dlopen(PLUGIN, RTLD_NOW);
    require(plugin != NULL, "a plug-in");
    void (*work)(void) = (void (*)(void))dlsym(plugin, "plugin_work");
    void (*lock)(pthread_mutex_t *) = (void (*)(pthread_mutex_t *))dlsym(plugin, "plugin_lock");
    void (*unlock)(pthread_mutex_t *) = (void (*)(pthread_mutex_t *))dlsym(plugin, "plugin_unlock");
    require(work && lock && unlock, "its functions");
    size_t size = 0;
    uint32_t *tables = tables_of((void *)(uintptr_t)work, &size);
    require(size > HEADER_WORDS * sizeof *tables, "some tables");
    break_tables(tables, size, way);
    lock(&outer);
    lock(&inner);
    work();
    unlock(&inner);
    unlock(&outer);
    require(dlclose(plugin) == 0, "to unload it");
}

int main(void)
{
    for (int way = 0; way < WAYS; way++)
        lock_there(way);
    puts("locked");
    return 0;
}
