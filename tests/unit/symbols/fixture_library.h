/* Runs the fixture library and keeps what it says is to be expected. */
#ifndef FIXTURE_LIBRARY_H
#define FIXTURE_LIBRARY_H

#include <stdint.h>

#include "world.h"

struct expected_place {
    char *frames;            /* "inner <- outer" */
    uint64_t return_address; /* in the ELF file */
};

struct expected_variable {
    char *name;
    uint64_t address; /* in the ELF file */
};

struct fixture_library {
    struct expected_place *places;
    struct expected_variable *variables;
    size_t place_count, variable_count;
    void *handle;
    struct module modules[2]; /* [1] is the library */
    struct world world;
};

/* Ends the test program with a message when the library cannot be run. */
void fixture_library_run(struct fixture_library *library, const char *path);
void fixture_library_free(struct fixture_library *library);

/* The build-id of an ELF file into a module; none when it has none or is no ELF file. */
void fixture_read_build_id(const char *path, struct module *module);

/* The file and the number of the line that is marked with the name. */
void fixture_find_mark(const char *source_directory, const char *name, char file[4096], uint32_t *line);

#endif
