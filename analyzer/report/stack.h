/* A call stack as the source has it: inlined calls are lines of their own, and the line that matters is known. */
#ifndef LOCKORDER_ANALYZER_REPORT_STACK_H
#define LOCKORDER_ANALYZER_REPORT_STACK_H

#include "symbols/symbolize.h"

struct stack_line {
    const char *function; /* "" when unknown */
    const char *file;     /* "" when unknown */
    uint32_t line;        /* 0 when unknown */
    bool inlined;
    const char *module; /* path; "" when the code belongs to no file */
    uint64_t offset;    /* of the call in the module's ELF file, as addr2line wants it; with module "", its address */
    struct module_id module_id;
};

struct stack {
    struct stack_line *lines; /* innermost first */
    uint32_t count;
    bool cut;       /* deeper than what was recorded */
    uint32_t place; /* the line that takes or wants the lock; meaningless when count is 0 */
};

/* The strings live as long as the world and the symbolizer; the lines until stack_clear. */
void stack_open(struct stack *stack, const struct world *world, struct symbolizer *symbolizer, struct context_id context);
void stack_close(struct stack *stack);

/* "bank.c:34 transfer", "transfer (bank+0x1139)" or "bank+0x1139"; "an unknown place" for an empty stack. The caller frees. */
char *stack_place_text(const struct stack *stack);

/* The part of a path after its last slash. */
const char *stack_base_name(const char *path);

#endif
