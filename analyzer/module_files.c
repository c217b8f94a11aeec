#include "module_files.h"

#include "allocate.h"
#include <uthash.h>

struct file_entry {
    uint32_t number;
    UT_hash_handle hh;
    size_t size;
    char identity[]; /* its build-id, else its path */
};

static uint32_t number_of(struct file_entry **files, const struct module *module)
{
    bool has_build_id = module->build_id_size != 0;
    const void *identity = has_build_id ? (const void *)module->build_id : module->path;
    size_t size = has_build_id ? module->build_id_size : strlen(module->path) + 1;
    struct file_entry *entry;
    HASH_FIND(hh, *files, identity, size, entry);
    if (entry == NULL) {
        entry = allocate_zeroed(1, sizeof *entry + size);
        entry->number = HASH_COUNT(*files) + 1;
        entry->size = size;
        memcpy(entry->identity, identity, size);
        HASH_ADD_KEYPTR(hh, *files, entry->identity, size, entry);
    }
    return entry->number;
}

uint32_t *module_files_number(const struct world *world)
{
    uint32_t *numbers = allocate_zeroed(world->module_count, sizeof *numbers);
    struct file_entry *files = NULL, *file, *next;
    for (uint32_t i = 1; i < world->module_count; i++)
        numbers[i] = number_of(&files, &world->modules[i]);
    HASH_ITER(hh, files, file, next)
    {
        HASH_DEL(files, file);
        free(file);
    }
    return numbers;
}
