#include "source_path.h"

#include <string.h>
#include <unistd.h>

#include "allocate.h"
#include "memory_stream.h"

/* Looked up once: a report is written from one folder. "" where there is none, since it was deleted. */
static const char *current_folder(void)
{
    static char *folder;
    if (folder == NULL)
        folder = getcwd(NULL, 0);
    if (folder == NULL)
        folder = allocate_copy("");
    return folder;
}

const char *source_path_relative(const char *path)
{
    const char *folder = current_folder();
    size_t length = strlen(folder);
    if (path[0] != '/')
        return path[0] == '\0' ? NULL : path;
    if (strcmp(folder, "/") == 0)
        return path + 1;
    if (length == 0 || strncmp(path, folder, length) != 0 || path[length] != '/')
        return NULL;
    return path + length + 1;
}

const char *source_path_shown(const char *path)
{
    const char *relative = source_path_relative(path);
    return relative != NULL ? relative : path;
}

char *source_path_encode(const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    struct memory_stream result;
    memory_stream_open(&result);
    for (; *path != '\0'; path++) {
        if (strchr(plain, *path) != NULL)
            fputc(*path, result.stream);
        else
            fprintf(result.stream, "%%%02X", (unsigned char)*path);
    }
    return memory_stream_close(&result);
}

char *source_path_base(void)
{
    const char *folder = current_folder();
    if (folder[0] == '\0')
        return NULL;
    char *encoded = source_path_encode(folder);
    char *base = allocate_text("file://%s%s", encoded, strcmp(folder, "/") == 0 ? "" : "/");
    free(encoded);
    return base;
}
