/* The libraries that a program says it needs. */
#ifndef LOCKORDER_ANALYZER_CLI_NEEDED_LIBRARY_H
#define LOCKORDER_ANALYZER_CLI_NEEDED_LIBRARY_H

#include <stdbool.h>

/* Whether one of them has a name that begins so. False for a file that is no program. */
bool program_needs_library(int descriptor, const char *name);

#endif
