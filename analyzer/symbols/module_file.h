/* The file behind a module of the trace: the very build that ran, or nothing.
 *
 * The build-id decides. A file at the module's path with another build-id is never used, nor one with a build-id when the trace
 * has none. What the file itself lacks is taken from its separate debug file: DIRECTORY/.build-id/xx/yyyy.debug, else the one
 * that its .gnu_debuglink names, if the build-id or the checksum agrees. The former also stands in for a file that is gone.
 *
 * Nothing is ever fetched: this uses libdw alone, and only libdwfl knows of debuginfod. */
#ifndef LOCKORDER_ANALYZER_SYMBOLS_MODULE_FILE_H
#define LOCKORDER_ANALYZER_SYMBOLS_MODULE_FILE_H

#include <elfutils/libdw.h>
#include <stdint.h>

#define MODULE_FILE_DEBUG_DIRECTORY "/usr/lib/debug"

enum symbol_quality {
    SYMBOLS_DEBUG_INFORMATION, /* functions, lines and variables */
    SYMBOLS_TABLE_ONLY,        /* names of functions and variables, no lines */
    SYMBOLS_NONE,              /* the file is the right one, and stripped */
    SYMBOLS_FILE_MISSING,      /* no file at the path, or none that can be read */
    SYMBOLS_OTHER_BUILD        /* the file at the path is not the one that ran */
};

struct elf_symbol {
    const char *name; /* as the linker has it */
    uint64_t address, size;
};

struct module_file;

/* Never NULL. `build_id` may be empty. Addresses below are those of the ELF file. */
struct module_file *module_file_open(const char *path, const uint8_t *build_id, size_t build_id_size,
                                     const char *debug_directory);
void module_file_close(struct module_file *file);

enum symbol_quality module_file_quality(const struct module_file *file);

/* NULL where there is no debug information. Lives as long as the file. */
Dwarf *module_file_dwarf(const struct module_file *file);

/* The function or variable that contains the address, from the symbol tables; false when there is none. The name lives as long as
 * the file. */
bool module_file_function(const struct module_file *file, uint64_t address, struct elf_symbol *symbol);
bool module_file_object(const struct module_file *file, uint64_t address, struct elf_symbol *symbol);

#endif
