/* The stream that a text report goes to: its width, and whether it shows colours. */
#ifndef LOCKORDER_ANALYZER_REPORT_TERMINAL_H
#define LOCKORDER_ANALYZER_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum terminal_style {
    TERMINAL_PLAIN,
    TERMINAL_CLEAN,   /* there is nothing to worry about */
    TERMINAL_FINDING, /* there is */
    TERMINAL_MARK,    /* the very line that matters */
    TERMINAL_HEADING,
};

struct terminal {
    FILE *stream;
    bool colour;
    int width;      /* columns */
    bool is_screen; /* somebody looks at it, and its width is known */
};

/* Colour only where the stream is a terminal, NO_COLOR (no-color.org) is unset or empty, and TERM is not "dumb". */
struct terminal terminal_new(FILE *stream);

/* From here on, no stream shows colours. */
void terminal_forbid_colour(void);

/* What is printed after it has the style; TERMINAL_PLAIN ends it. */
void terminal_style(const struct terminal *terminal, enum terminal_style style);

#endif
