/* Where the recorder is, seen from this very executable: so it is found in the build tree, in a prefix, and in a moved prefix. */
#ifndef LOCKORDER_ANALYZER_CLI_PRELOAD_LIBRARY_H
#define LOCKORDER_ANALYZER_CLI_PRELOAD_LIBRARY_H

#include "error.h"

/* The path, which the caller frees; NULL with the error set when it is at none of its places, or at one that LD_PRELOAD cannot
 * express. */
char *preload_library_find(struct error *error);

#endif
