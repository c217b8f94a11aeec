/* A file that is written whole or not at all: into a temporary beside it, renamed at the end, and removed when the
 * command is interrupted before. "-" is stdout. */
#ifndef LOCKORDER_ANALYZER_CLI_OUTPUT_FILE_H
#define LOCKORDER_ANALYZER_CLI_OUTPUT_FILE_H

#include <stdio.h>

#include "error.h"

struct output_file {
    FILE *stream;
    char *path;      /* NULL for stdout */
    char *temporary; /* NULL when `path` is written directly, since it is a device or a pipe */
};

/* Returns -1 with the error set, and nothing to close, when the file cannot be made. */
int output_file_open(struct output_file *file, const char *path, struct error *error);

/* Puts what was written in place. Returns -1 with the error set when that fails; the file is closed in any case. */
int output_file_commit(struct output_file *file, struct error *error);

/* Gives up: the file at the path stays as it was. */
void output_file_abandon(struct output_file *file);

#endif
