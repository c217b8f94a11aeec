/* Records -> world. Ids of the trace become ids of the world; every reference is checked. */
#ifndef LOCKORDER_ANALYZER_TRACE_LOAD_H
#define LOCKORDER_ANALYZER_TRACE_LOAD_H

#include "error.h"
#include "world.h"

/* Appends one trace file, as one process. Returns -1 with the error set, and the world as it was, when the file is broken. */
int trace_load(struct world *world, const char *path, struct error *error);

/* The same for a file, or for every file *.lockorder of a folder, in the order of their names, up to the first broken one. A
 * folder without one is an error. */
int trace_load_path(struct world *world, const char *path, struct error *error);

#endif
