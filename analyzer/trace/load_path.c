#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "allocate.h"
#include "load.h"

static int is_trace_name(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name), suffix = strlen(LOCKORDER_TRACE_SUFFIX);
    return length >= suffix && strcmp(entry->d_name + length - suffix, LOCKORDER_TRACE_SUFFIX) == 0;
}

/* By bytes, so that the order is the same in every locale. */
static int compare_names(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static int load_entries(struct world *world, const char *folder, struct dirent *const *entries, int count, struct error *error)
{
    for (int i = 0; i < count; i++) {
        char *path = allocate_text("%s/%s", folder, entries[i]->d_name);
        int result = trace_load(world, path, error);
        free(path);
        if (result != 0)
            return -1;
    }
    return 0;
}

static int load_folder(struct world *world, const char *folder, struct error *error)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_trace_name, compare_names);
    if (count < 0)
        return error_set(error, "%s: cannot be listed: %s", folder, strerror(errno));
    int result = count == 0 ? error_set(error, "%s: holds no trace, expected files *%s", folder, LOCKORDER_TRACE_SUFFIX)
                            : load_entries(world, folder, entries, count, error);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return result;
}

int trace_load_path(struct world *world, const char *path, struct error *error)
{
    struct stat status;
    bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return is_folder ? load_folder(world, path, error) : trace_load(world, path, error);
}
