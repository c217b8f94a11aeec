/* From places in modules to places in source: functions with what was inlined into them, files, lines, and names of variables.
 *
 * Answers are cached; modules that are the same file are read once, when the first question about them comes. What is returned
 * lives until symbolizer_free. Nothing fails: what cannot be found is NULL or 0, and symbolizer_quality says why. */
#ifndef LOCKORDER_ANALYZER_SYMBOLS_SYMBOLIZE_H
#define LOCKORDER_ANALYZER_SYMBOLS_SYMBOLIZE_H

#include "module_file.h"
#include "world.h"

struct symbol_frame {
    const char *function; /* as in the source, C++ names in full; NULL when unknown */
    const char *file;     /* absolute where the compiler said so; NULL when unknown */
    uint32_t line;        /* 0 when unknown */
    bool inlined;         /* this function's code is part of the next frame's function */
};

/* The world must outlive it; modules added to the world later are seen. */
struct symbolizer *symbolizer_new(const struct world *world);
void symbolizer_free(struct symbolizer *symbolizer);

/* Where separate debug files are looked for instead of MODULE_FILE_DEBUG_DIRECTORY. To be called before any question. */
void symbolizer_set_debug_directory(struct symbolizer *symbolizer, const char *directory);

/* One physical frame is one or more frames in the source: the innermost inlined one first, the real function (not inlined) last.
 * `count` is at least 1. */
const struct symbol_frame *symbolizer_frame(struct symbolizer *symbolizer, struct frame frame, uint32_t *count);

/* What lies at an address of the module's ELF file: "m_lock", "table.rows[3].lock", "Registry::instance()::mutex".
 * "table+0x28" where only the variable is known, NULL when nothing is. */
const char *symbolizer_variable(struct symbolizer *symbolizer, struct module_id module, uint64_t offset);

/* How much is known about the module, so that a report can say where it had to degrade. */
enum symbol_quality symbolizer_quality(struct symbolizer *symbolizer, struct module_id module);

#endif
