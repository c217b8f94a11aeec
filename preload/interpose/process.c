/* Ends of the process that run no destructors. fork is followed by a handler, see lifecycle.c. */
#include "lifecycle.h"
#include "real.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT void _exit(int status)
{
    lifecycle_end();
    real._exit(status);
    __builtin_unreachable();
}

EXPORT void _Exit(int status)
{
    lifecycle_end();
    real._Exit(status);
    __builtin_unreachable();
}
