#include "trace_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocate.h"
#include "lockorder/trace_format.h"

/* --- Lists --- */

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name), suffix_length = strlen(suffix);
    return length > suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
}

static void add_path(struct trace_list *list, char *path)
{
    list->paths = allocate_grown(list->paths, list->count, sizeof *list->paths);
    list->paths[list->count++] = path;
}

/* The traces in the folder, of which there may be none. */
static int add_folder(struct trace_list *list, const char *path, struct error *error)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return error_set(error, "%s: the folder cannot be read: %s", path, strerror(errno));
    size_t first = list->count;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (has_suffix(entry->d_name, LOCKORDER_TRACE_SUFFIX))
            add_path(list, allocate_text("%s/%s", path, entry->d_name));
    }
    closedir(folder);
    if (list->count > first)
        qsort(list->paths + first, list->count - first, sizeof *list->paths, compare_paths);
    return 0;
}

int trace_list_add(struct trace_list *list, const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_set(error, "%s: %s; expected a trace or a folder of traces", path, strerror(errno));
    if (!S_ISDIR(status.st_mode)) {
        add_path(list, allocate_copy(path));
        return 0;
    }
    size_t before = list->count;
    if (add_folder(list, path, error) != 0)
        return -1;
    if (list->count == before)
        return error_set(error, "%s: no trace in this folder; expected files named *" LOCKORDER_TRACE_SUFFIX, path);
    return 0;
}

void trace_list_clear(struct trace_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->paths[i]);
    free(list->paths);
    *list = (struct trace_list){0};
}

/* --- The folder of a run --- */

static char *make_temporary(struct error *error)
{
    const char *parent = getenv("TMPDIR");
    char *template = allocate_text("%s/lockorder-XXXXXX", parent == NULL || *parent == '\0' ? "/tmp" : parent);
    if (mkdtemp(template) != NULL)
        return template;
    error_set(error, "%s: the folder for traces cannot be made: %s; --trace-dir names another one", template, strerror(errno));
    free(template);
    return NULL;
}

static char *make_named(const char *path, struct error *error)
{
    struct stat status;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        error_set(error, "--trace-dir=%s: the folder cannot be made: %s", path, strerror(errno));
    else if (stat(path, &status) != 0)
        error_set(error, "--trace-dir=%s: %s", path, strerror(errno));
    else if (!S_ISDIR(status.st_mode))
        error_set(error, "--trace-dir=%s: a file; expected a folder", path);
    else if (access(path, R_OK | W_OK | X_OK) != 0)
        error_set(error, "--trace-dir=%s: the folder cannot be written: %s", path, strerror(errno));
    else
        return allocate_copy(path);
    return NULL;
}

/* The program may change its working directory, so the path must not depend on ours. */
static int make_absolute(struct trace_folder *folder, struct error *error)
{
    char *absolute = realpath(folder->path, NULL);
    if (absolute == NULL)
        return error_set(error, "%s: %s", folder->path, strerror(errno));
    free(folder->path);
    folder->path = absolute;
    if (strchr(absolute, ':') != NULL)
        return error_set(error, "%s: a folder for traces cannot have ':' in its path; --trace-dir names another one", absolute);
    return 0;
}

int trace_folder_open(struct trace_folder *folder, const char *path, struct error *error)
{
    *folder = (struct trace_folder){.temporary = path == NULL};
    folder->path = path == NULL ? make_temporary(error) : make_named(path, error);
    if (folder->path == NULL)
        return -1;
    if (make_absolute(folder, error) != 0 || add_folder(&folder->before, folder->path, error) != 0) {
        if (folder->temporary)
            rmdir(folder->path);
        trace_folder_close(folder);
        return -1;
    }
    return 0;
}

void trace_folder_close(struct trace_folder *folder)
{
    free(folder->path);
    trace_list_clear(&folder->before);
    *folder = (struct trace_folder){0};
}

static bool contains(const struct trace_list *list, char *path)
{
    return list->count > 0 && bsearch(&path, list->paths, list->count, sizeof *list->paths, compare_paths) != NULL;
}

int trace_folder_new_traces(const struct trace_folder *folder, struct trace_list *list, struct error *error)
{
    struct trace_list all = {0};
    *list = (struct trace_list){0};
    int result = add_folder(&all, folder->path, error);
    for (size_t i = 0; i < all.count; i++) {
        if (!contains(&folder->before, all.paths[i]))
            add_path(list, allocate_copy(all.paths[i]));
    }
    trace_list_clear(&all);
    return result;
}

/* Also what a process left that was killed before its trace had a header. */
void trace_folder_remove(const struct trace_folder *folder)
{
    DIR *entries = folder->temporary ? opendir(folder->path) : NULL;
    if (entries == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (has_suffix(entry->d_name, LOCKORDER_TRACE_SUFFIX) || has_suffix(entry->d_name, LOCKORDER_TRACE_NEW_SUFFIX))
            unlinkat(dirfd(entries), entry->d_name, 0);
    }
    closedir(entries);
    rmdir(folder->path);
}
