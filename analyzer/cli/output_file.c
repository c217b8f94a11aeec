#include "output_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocate.h"
#include "temporaries.h"

static void clear(struct output_file *file)
{
    if (file->temporary != NULL)
        temporaries_forget(file->temporary);
    free(file->path);
    free(file->temporary);
    *file = (struct output_file){0};
}

/* mkstemp makes files of mode 0600; the result shall have the mode that any new file of the user's has. */
static void give_usual_mode(int descriptor)
{
    mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask);
}

static int open_temporary(struct output_file *file, struct error *error)
{
    file->temporary = allocate_text("%s.XXXXXX", file->path);
    int descriptor = mkstemp(file->temporary);
    if (descriptor < 0) {
        error_set(error, "%s: cannot be written: %s", file->path, strerror(errno));
        clear(file);
        return -1;
    }
    temporaries_remember(file->temporary);
    give_usual_mode(descriptor);
    file->stream = allocate_checked(fdopen(descriptor, "w"));
    return 0;
}

/* The file that the path leads to: a symbolic link is to stay one. */
static char *resolve(const char *path)
{
    char *resolved = realpath(path, NULL);
    return resolved != NULL ? resolved : allocate_copy(path);
}

int output_file_open(struct output_file *file, const char *path, struct error *error)
{
    *file = (struct output_file){.stream = stdout};
    if (strcmp(path, "-") == 0)
        return 0;
    struct stat status;
    file->path = resolve(path);
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
        return open_temporary(file, error);
    file->stream = S_ISDIR(status.st_mode) ? (errno = EISDIR, NULL) : fopen(path, "w");
    if (file->stream != NULL)
        return 0;
    error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    clear(file);
    return -1;
}

int output_file_commit(struct output_file *file, struct error *error)
{
    const char *name = file->path == NULL ? "stdout" : file->path;
    bool failed = ferror(file->stream) || (file->path == NULL ? fflush(file->stream) : fclose(file->stream)) != 0;
    if (!failed && file->temporary != NULL)
        failed = rename(file->temporary, file->path) != 0;
    if (failed) {
        error_set(error, "%s: cannot be written: %s", name, strerror(errno));
        if (file->temporary != NULL)
            unlink(file->temporary);
    }
    clear(file);
    return failed ? -1 : 0;
}

void output_file_abandon(struct output_file *file)
{
    if (file->path != NULL)
        fclose(file->stream);
    if (file->temporary != NULL)
        unlink(file->temporary);
    clear(file);
}
