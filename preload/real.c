#include "real.h"

#include <dlfcn.h>
#include <errno.h>
#include <unistd.h>

#include "check/check.h"

/* Before the constructor, and where the C library has no such function. */
#define X(result, name, parameters, arguments, version)                                                                          \
    static result early_##name parameters                                                                                        \
    {                                                                                                                            \
        real_resolve();                                                                                                          \
        return real.name == early_##name ? ENOSYS : real.name arguments;                                                         \
    }
INTERPOSED_RETURNING(X)
#undef X
#define X(result, name, parameters, arguments, version)                                                                          \
    static result early_##name parameters                                                                                        \
    {                                                                                                                            \
        real_resolve();                                                                                                          \
        return real.name == early_##name ? NULL : real.name arguments;                                                           \
    }
INTERPOSED_POINTER(X)
#undef X
#define X(result, name, parameters, arguments, version)                                                                          \
    static result early_##name parameters                                                                                        \
    {                                                                                                                            \
        real_resolve();                                                                                                          \
        if (real.name != early_##name)                                                                                           \
            real.name arguments;                                                                                                 \
    }
INTERPOSED_VOID(X)
#undef X

struct real_functions real = {
#define X(result, name, parameters, arguments, version) .name = early_##name,
    INTERPOSED(X)
#undef X
};

static void *find(const char *name, const char *version)
{
    void *function = version ? dlvsym(RTLD_NEXT, name, version) : NULL;
    return function ? function : dlsym(RTLD_NEXT, name);
}

static void *object_of(void *function)
{
    struct dl_find_object object;
    return _dl_find_object(function, &object) == 0 ? object.dlfo_map_start : NULL;
}

/* dlsym may itself call free: such a block is left alone. */
void real_resolve(void)
{
    static int resolving;
    if (__atomic_exchange_n(&resolving, 1, __ATOMIC_ACQ_REL))
        return;
    void *function;
#define X(result, name, parameters, arguments, version)                                                                          \
    function = find(#name, version);                                                                                             \
    if (function)                                                                                                                \
        __atomic_store_n((void **)&real.name, function, __ATOMIC_RELEASE);
    INTERPOSED(X)
#undef X
    function = find("malloc_usable_size", NULL);
    if (function && object_of(function) == object_of((void *)real.free))
        *(void **)&real.malloc_usable_size = function;
    check_install_shadow_list();
}
