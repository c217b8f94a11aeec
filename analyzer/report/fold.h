/* Lines that are longer than a terminal is wide go on in the next line, indented further, broken at a space. A terminal would
 * break them anywhere and go on at its left edge, where the indentation that orders a report is lost. Files and pipes get lines
 * as they are. */
#ifndef LOCKORDER_ANALYZER_REPORT_FOLD_H
#define LOCKORDER_ANALYZER_REPORT_FOLD_H

#include "memory_stream.h"
#include "terminal.h"

struct fold {
    const struct terminal *outer;
    struct terminal inner;
    struct memory_stream memory;
};

/* Returns the terminal to write to until fold_close: `terminal` itself where nothing is to be folded. */
const struct terminal *fold_open(struct fold *fold, const struct terminal *terminal);
void fold_close(struct fold *fold);

/* Writes the text with no line longer than `width` columns, but for words that are. Styles of terminal.h have no width. */
void fold_print(FILE *stream, const char *text, int width);

#endif
