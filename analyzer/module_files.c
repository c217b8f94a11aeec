#include "module_files.h"

#include "allocate.h"
#include <uthash.h>

struct file_entry {
    uint32_t number;
    UT_hash_handle hh;
    size_t size;
    char identity[];
};

static const void *identity_of(const struct module *module, enum module_sameness sameness, size_t *size)
{
    if (sameness == MODULE_SAME_BUILD && module->build_id_size != 0) {
        *size = module->build_id_size;
        return module->build_id;
    }
    const char *slash = sameness == MODULE_SAME_NAME ? strrchr(module->path, '/') : NULL;
    const char *name = slash == NULL ? module->path : slash + 1;
    *size = strlen(name) + 1;
    return name;
}

static uint32_t number_of(struct file_entry **files, const struct module *module, enum module_sameness sameness)
{
    size_t size;
    const void *identity = identity_of(module, sameness, &size);
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

uint32_t *module_files_number(const struct world *world, enum module_sameness sameness)
{
    uint32_t *numbers = allocate_zeroed(world->module_count, sizeof *numbers);
    struct file_entry *files = NULL, *file, *next;
    for (uint32_t i = 1; i < world->module_count; i++)
        numbers[i] = number_of(&files, &world->modules[i], sameness);
    HASH_ITER(hh, files, file, next)
    {
        HASH_DEL(files, file);
        free(file);
    }
    return numbers;
}
