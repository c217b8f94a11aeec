/* A trace of a real program, cut off at any byte, from its end to its beginning; and with any sector lost, as after a power cut.
 * What is whole is loaded, or one line says what is wrong. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/load.h"
#include "trace/trace_reader.h"

enum { SECTOR = 512 };

static const char *path;

static void require(bool condition, const char *what, off_t offset)
{
    if (condition)
        return;
    printf("%s: expected %s at byte %ld\n", path, what, (long)offset);
    exit(1);
}

static bool is_one_line(const struct error *error)
{
    return strstr(error->text, path) && !strchr(error->text, '\n');
}

/* How many dependencies there are; -1 when it cannot be loaded. */
static long load(struct error *error)
{
    struct world *world = world_new();
    long count = trace_load(world, path, error) == 0 ? (long)world->dependency_count : -1;
    world_free(world);
    return count;
}

static void cut_everywhere(int file, off_t size)
{
    struct error error;
    long before = load(&error);
    require(before > 1, "dependencies in the whole trace", size);
    while (size-- > 0) {
        require(ftruncate(file, size) == 0, "to cut the file", size);
        long count = load(&error);
        if (size >= (off_t)sizeof(struct trace_header))
            require(count >= 0 && count <= before, "no more dependencies than with a byte more", size);
        else
            require(count == -1 && is_one_line(&error), "an error of one line", size);
        before = count >= 0 ? count : before;
    }
}

static void lose_every_sector(int file, const char *content, off_t size)
{
    static const char nothing[SECTOR];
    struct error error;
    for (off_t start = 0; start < size; start += SECTOR) {
        size_t length = size - start < SECTOR ? (size_t)(size - start) : SECTOR;
        require(pwrite(file, content, (size_t)size, 0) == size, "to write the trace", start);
        require(pwrite(file, nothing, length, start) == (ssize_t)length, "to write zeros", start);
        require(load(&error) >= 0 || is_one_line(&error), "an error of one line", start);
    }
}

int main(int count, char **arguments)
{
    struct stat status;
    path = count == 2 ? arguments[1] : "truncated";
    require(count == 2, "a trace, which is overwritten, as the only argument", 0);
    int file = open(path, O_RDWR | O_CLOEXEC);
    require(file >= 0 && fstat(file, &status) == 0, "a file", 0);
    char *content = malloc((size_t)status.st_size + 1);
    require(content && pread(file, content, (size_t)status.st_size, 0) == status.st_size, "to read it", 0);
    cut_everywhere(file, status.st_size);
    lose_every_sector(file, content, status.st_size);
    printf("cut %ld times\n", (long)status.st_size);
    free(content);
    close(file);
    return 0;
}
