/* The program that `run` is asked for: where it is, and whether a preloaded library can observe it. */
#ifndef LOCKORDER_ANALYZER_CLI_PROGRAM_FILE_H
#define LOCKORDER_ANALYZER_CLI_PROGRAM_FILE_H

#include "error.h"

/* Finds the program as execvp would. Returns 0 and its path, which the caller frees; else the exit status that a shell would
 * give (EXIT_NOT_FOUND, EXIT_NOT_EXECUTABLE), with the error set. */
int program_file_find(const char *name, char **path, struct error *error);

/* Whether the recorder would be loaded into the program: it must be linked dynamically against glibc, for this machine, and not
 * gain rights when it starts. A script is followed to its interpreter, also by way of env. Returns 0, or an exit status with the
 * error set. */
int program_file_check(const char *path, struct error *error);

#endif
