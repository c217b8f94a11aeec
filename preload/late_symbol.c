/* Hash table: "GNU Hash ELF Sections", Ali Bahrami, 2006; its hash function is Daniel J. Bernstein's. */
#include "late_symbol.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "module.h"

/* Of one loaded object. The loader has made the addresses absolute. */
struct symbols {
    const ElfW(Sym) * table;
    const char *names;
    const uint32_t *hash;
};

static bool find_tables(const struct link_map *object, struct symbols *symbols)
{
    *symbols = (struct symbols){0};
    for (const ElfW(Dyn) *entry = object->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_SYMTAB)
            symbols->table = (const ElfW(Sym) *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_STRTAB)
            symbols->names = (const char *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_GNU_HASH)
            symbols->hash = (const uint32_t *)entry->d_un.d_ptr;
    }
    return (uintptr_t)symbols->table > object->l_addr && (uintptr_t)symbols->names > object->l_addr &&
           (uintptr_t)symbols->hash > object->l_addr; /* not those of the vdso, which stay relative */
}

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 5381;
    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return hash;
}

static void *find_in(const struct link_map *object, const char *name)
{
    struct symbols symbols;
    if (!find_tables(object, &symbols))
        return NULL;
    uint32_t bucket_count = symbols.hash[0], first_symbol = symbols.hash[1], bloom_words = symbols.hash[2];
    const uint32_t *buckets = symbols.hash + 4 + bloom_words * (sizeof(ElfW(Addr)) / sizeof *buckets);
    const uint32_t *chains = buckets + bucket_count;
    uint32_t hash = hash_of(name);
    uint32_t index = bucket_count ? buckets[hash % bucket_count] : 0;
    for (; index >= first_symbol && index; index++) {
        const ElfW(Sym) *symbol = &symbols.table[index];
        if ((chains[index - first_symbol] | 1) == (hash | 1) && symbol->st_shndx != SHN_UNDEF &&
            strcmp(symbols.names + symbol->st_name, name) == 0)
            return (char *)object->l_addr + symbol->st_value;
        if (chains[index - first_symbol] & 1)
            break;
    }
    return NULL;
}

void late_symbol(const char *name, void **function)
{
    for (const struct link_map *object = _r_debug.r_map; object; object = object->l_next) {
        void *found = find_in(object, name);
        if (found && !module_is_recorder((uintptr_t)found)) {
            __atomic_store_n(function, found, __ATOMIC_RELEASE);
            return;
        }
    }
}
