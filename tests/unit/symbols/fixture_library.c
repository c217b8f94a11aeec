#include "fixture_library.h"

#include <dirent.h>
#include <dlfcn.h>
#include <elfutils/libdwelf.h>
#include <err.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void place_function(const char *frames);
typedef void variable_function(const char *name, const volatile void *address);

/* The library's callbacks take no argument of the test's. */
static struct fixture_library *running;
static uint64_t load_bias;

static __attribute__((noinline)) void collect_place(const char *frames)
{
    struct fixture_library *library = running;
    library->places = reallocarray(library->places, library->place_count + 1, sizeof *library->places);
    uint64_t address = (uintptr_t)__builtin_extract_return_addr(__builtin_return_address(0)) - load_bias;
    library->places[library->place_count++] = (struct expected_place){strdup(frames), address};
}

static void collect_variable(const char *name, const volatile void *address)
{
    struct fixture_library *library = running;
    library->variables = reallocarray(library->variables, library->variable_count + 1, sizeof *library->variables);
    library->variables[library->variable_count++] = (struct expected_variable){strdup(name), (uintptr_t)address - load_bias};
}

void fixture_read_build_id(const char *path, struct module *module)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(descriptor, ELF_C_READ, NULL);
    const void *bytes = NULL;
    ssize_t size = elf == NULL ? 0 : dwelf_elf_gnu_build_id(elf, &bytes);
    module->build_id_size = size > 0 ? (uint32_t)size : 0;
    if (size > 0)
        memcpy(module->build_id, bytes, (size_t)size);
    elf_end(elf);
    close(descriptor);
}

void fixture_library_run(struct fixture_library *library, const char *path)
{
    struct link_map *map;
    memset(library, 0, sizeof *library);
    library->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library->handle == NULL || dlinfo(library->handle, RTLD_DI_LINKMAP, &map) != 0)
        errx(2, "cannot load the fixture: %s", dlerror());
    void (*run)(place_function *, variable_function *);
    *(void **)&run = dlsym(library->handle, "fixture_run");
    if (run == NULL)
        errx(2, "%s: not a fixture: %s", path, dlerror());
    running = library;
    load_bias = map->l_addr;
    run(collect_place, collect_variable);
    library->modules[1].path = strdup(path);
    fixture_read_build_id(path, &library->modules[1]);
    library->world.modules = library->modules;
    library->world.module_count = 2;
}

void fixture_library_free(struct fixture_library *library)
{
    for (size_t i = 0; i < library->place_count; i++)
        free(library->places[i].frames);
    for (size_t i = 0; i < library->variable_count; i++)
        free(library->variables[i].name);
    free(library->places);
    free(library->variables);
    free(library->modules[1].path);
    dlclose(library->handle);
}

static uint32_t marked_line(const char *path, const char *mark)
{
    FILE *file = fopen(path, "r");
    char text[512];
    uint32_t number = 0, found = 0;
    if (file == NULL)
        err(2, "%s", path);
    while (found == 0 && fgets(text, sizeof text, file) != NULL) {
        number++;
        if (strstr(text, mark) != NULL)
            found = number;
    }
    fclose(file);
    return found;
}

void fixture_find_mark(const char *source_directory, const char *name, char path[4096], uint32_t *line)
{
    char mark[512];
    snprintf(mark, sizeof mark, "/* MARK %s */", name);
    DIR *directory = opendir(source_directory);
    if (directory == NULL)
        err(2, "%s", source_directory);
    *line = 0;
    for (struct dirent *entry; *line == 0 && (entry = readdir(directory)) != NULL;) {
        snprintf(path, 4096, "%s/%s", source_directory, entry->d_name);
        if (entry->d_name[0] != '.')
            *line = marked_line(path, mark);
    }
    closedir(directory);
    if (*line == 0)
        errx(2, "no line in %s is marked %s", source_directory, mark);
}
