#include "preload_library.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocate.h"
#include "report/memory_stream.h"

#define LIBRARY "liblockorder-preload.so"

/* Relative to the folder of the executable. */
static const char *const places[] = {
    "../preload/" LIBRARY,                                /* the build tree */
    "../" LOCKORDER_INSTALL_LIBDIR "/lockorder/" LIBRARY, /* PREFIX/bin/lockorder */
    "../lib/lockorder/" LIBRARY,
};

enum { PLACE_COUNT = sizeof places / sizeof places[0] };

/* The folder of this executable, links resolved. The caller frees. */
static char *own_folder(void)
{
    char *path = realpath("/proc/self/exe", NULL);
    if (path != NULL)
        *strrchr(path, '/') = '\0';
    return path;
}

static void set_not_found(struct error *error, const char *folder)
{
    struct memory_stream text;
    memory_stream_open(&text);
    for (size_t i = 0; i < PLACE_COUNT; i++)
        fprintf(text.stream, "%s%s/%s", i == 0 ? "" : ", ", folder, places[i]);
    char *list = memory_stream_close(&text);
    error_set(error, "the recorder " LIBRARY " is not installed; looked for %s", list);
    free(list);
}

/* The loader splits LD_PRELOAD at these (ld.so(8)). */
static char *check_expressible(char *library, struct error *error)
{
    if (strpbrk(library, ": \t\n") == NULL)
        return library;
    error_set(error, "%s: LD_PRELOAD cannot express a path with a space or ':'; install lockorder in another folder", library);
    free(library);
    return NULL;
}

char *preload_library_find(struct error *error)
{
    char *folder = own_folder();
    if (folder == NULL) {
        error_set(error, "/proc/self/exe: cannot be read: %s; the recorder is looked for beside it", strerror(errno));
        return NULL;
    }
    char *library = NULL;
    for (size_t i = 0; i < PLACE_COUNT && library == NULL; i++) {
        char *candidate = allocate_text("%s/%s", folder, places[i]);
        library = access(candidate, R_OK) == 0 ? realpath(candidate, NULL) : NULL;
        free(candidate);
    }
    if (library == NULL)
        set_not_found(error, folder);
    free(folder);
    return library == NULL ? NULL : check_expressible(library, error);
}
