#include "source_lines.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocate.h"
#include "json_value.h"
#include "program_text.h"
#include "source_path.h"

#include <uthash.h>

enum { MOST_LINE_BYTES = 400 };

struct wanted_file {
    char *path;
    uint32_t *lines; /* ascending and each once, when read */
    size_t count;
    UT_hash_handle hh;
};

struct source_lines {
    struct wanted_file *files;
};

struct source_lines *source_lines_new(void)
{
    return allocate_zeroed(1, sizeof(struct source_lines));
}

void source_lines_free(struct source_lines *sources)
{
    struct wanted_file *file, *next;
    HASH_ITER(hh, sources->files, file, next)
    {
        HASH_DEL(sources->files, file);
        free(file->path);
        free(file->lines);
        free(file);
    }
    free(sources);
}

static struct wanted_file *find_file(struct source_lines *sources, const char *path)
{
    struct wanted_file *file = NULL;
    HASH_FIND_STR(sources->files, path, file);
    if (file != NULL)
        return file;
    file = allocate_zeroed(1, sizeof *file);
    file->path = allocate_copy(path);
    HASH_ADD_KEYPTR(hh, sources->files, file->path, strlen(file->path), file);
    return file;
}

void source_lines_want(struct source_lines *sources, const char *path, uint32_t line, uint32_t around)
{
    if (path[0] == '\0' || line == 0 || line > UINT32_MAX - around)
        return;
    struct wanted_file *file = find_file(sources, path);
    for (uint32_t wanted = line > around ? line - around : 1; wanted <= line + around; wanted++) {
        file->lines = allocate_grown(file->lines, file->count, sizeof *file->lines);
        file->lines[file->count++] = wanted;
    }
}

/* The path comes from the observed program's debug information: it may be a device, or a pipe that never ends. */
static FILE *open_regular(const char *path)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        return fdopen(descriptor, "r");
    close(descriptor);
    return NULL;
}

static int compare_lines(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* Reads one line, of which the first bytes are kept, without its end. Returns false at the end of the file. */
static bool read_line(FILE *stream, char text[MOST_LINE_BYTES + 1])
{
    size_t length = 0;
    int character = getc(stream);
    if (character == EOF)
        return false;
    for (; character != EOF && character != '\n'; character = getc(stream)) {
        if (length < MOST_LINE_BYTES && character != '\0' && character != '\r')
            text[length++] = (char)character;
    }
    text[length] = '\0';
    return true;
}

static json_t *lines_value(struct wanted_file *file, FILE *stream)
{
    json_t *lines = json_object();
    char text[MOST_LINE_BYTES + 1];
    size_t next = 0;
    qsort(file->lines, file->count, sizeof *file->lines, compare_lines);
    for (uint32_t line = 1; next < file->count && read_line(stream, text); line++) {
        if (file->lines[next] != line)
            continue;
        char key[16];
        snprintf(key, sizeof key, "%" PRIu32, line);
        json_put(lines, key, json_text(text));
        while (next < file->count && file->lines[next] == line)
            next++;
    }
    return lines;
}

json_t *source_lines_value(struct source_lines *sources)
{
    json_t *files = json_object();
    for (struct wanted_file *file = sources->files; file != NULL; file = file->hh.next) {
        FILE *stream = open_regular(file->path);
        if (stream == NULL)
            continue;
        char *shown = program_text_printable(source_path_shown(file->path));
        json_put(files, shown, lines_value(file, stream));
        free(shown);
        fclose(stream);
    }
    return files;
}
