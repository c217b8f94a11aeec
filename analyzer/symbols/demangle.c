#include "demangle.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <threads.h>

#include "allocate.h"

typedef char *demangler(const char *name, char *buffer, size_t *length, int *status);

static demangler *cxx_demangle;
static once_flag cxx_demangle_loaded = ONCE_FLAG_INIT;

/* The C++ runtime brings the demangler of the ABI. It is loaded when the first C++ name turns up, so that this command needs
 * no C++ runtime at build time nor for programs in C; without one, names stay as they are. It is never unloaded. */
static void load_cxx_demangle(void)
{
    static const char *const runtimes[] = {"libstdc++.so.6", "libc++abi.so.1"};
    for (size_t i = 0; i < sizeof runtimes / sizeof *runtimes && cxx_demangle == NULL; i++) {
        void *runtime = dlopen(runtimes[i], RTLD_NOW | RTLD_LOCAL);
        if (runtime != NULL)
            *(void **)&cxx_demangle = dlsym(runtime, "__cxa_demangle");
    }
}

/* ".0", ".constprop", ".cold", ...: marks that gcc, clang and their linkers put behind the name of a copy, or of a part of it. */
static bool is_copy_mark(const char *mark)
{
    static const char *const marks[] = {".constprop", ".part", ".isra", ".cold", ".lto_priv", ".llvm", ".localalias"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strcmp(mark, marks[i]) == 0)
            return true;
    }
    return mark[1] != '\0' && strspn(mark + 1, "0123456789") == strlen(mark + 1);
}

static char *without_marks(const char *linker_name)
{
    char *name = allocate_copy(linker_name);
    name[strcspn(name, "@")] = '\0';
    for (char *mark; (mark = strrchr(name, '.')) != NULL && mark != name && is_copy_mark(mark);)
        *mark = '\0';
    return name;
}

char *demangle(const char *linker_name)
{
    char *name = without_marks(linker_name);
    if (strncmp(name, "_Z", 2) != 0)
        return name;
    call_once(&cxx_demangle_loaded, load_cxx_demangle);
    int status = 0;
    char *demangled = cxx_demangle == NULL ? NULL : cxx_demangle(name, NULL, NULL, &status);
    if (demangled == NULL)
        return name;
    free(name);
    return demangled;
}
