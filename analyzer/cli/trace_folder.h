/* The folder that the processes of a run leave their traces in. */
#ifndef LOCKORDER_ANALYZER_CLI_TRACE_FOLDER_H
#define LOCKORDER_ANALYZER_CLI_TRACE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

/* Paths of trace files, sorted. */
struct trace_list {
    char **paths;
    size_t count;
};

struct trace_folder {
    char *path;               /* absolute */
    bool temporary;           /* made for this run */
    struct trace_list before; /* traces of other runs, which are left alone */
};

/* With a path, the folder is made if it is missing (mode 0700); with NULL, a new one is made under $TMPDIR or /tmp. Returns -1
 * with the error set when it cannot be written, or when LOCKORDER_OPTIONS cannot express its path. */
int trace_folder_open(struct trace_folder *folder, const char *path, struct error *error);
void trace_folder_close(struct trace_folder *folder);

/* The traces that came since it was opened. The caller frees with trace_list_clear. */
int trace_folder_new_traces(const struct trace_folder *folder, struct trace_list *list, struct error *error);

/* Deletes a temporary folder and the traces in it; any other folder is left as it is. */
void trace_folder_remove(const struct trace_folder *folder);

/* Adds a trace file, or the traces of a folder. Returns -1 with the error set when there is nothing at the path, or no trace in
 * the folder. Whether a file is a trace is not looked at. */
int trace_list_add(struct trace_list *list, const char *path, struct error *error);
void trace_list_clear(struct trace_list *list);

#endif
