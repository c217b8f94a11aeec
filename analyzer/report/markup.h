/* Text between the tags of XML and HTML, and in their attributes. */
#ifndef LOCKORDER_ANALYZER_REPORT_MARKUP_H
#define LOCKORDER_ANALYZER_REPORT_MARKUP_H

#include <stdio.h>

/* Writes a printable text (program_text.h) of which no character is markup. */
void markup_print(FILE *stream, const char *text);

#endif
