/* The lines of source that a report shows, where the source is at hand: first those wanted are collected, then each file is read
 * once. Only regular files are read, and no more of a line than anybody reads. */
#ifndef LOCKORDER_ANALYZER_REPORT_SOURCE_LINES_H
#define LOCKORDER_ANALYZER_REPORT_SOURCE_LINES_H

#include <jansson.h>
#include <stdint.h>

struct source_lines *source_lines_new(void);
void source_lines_free(struct source_lines *sources);

/* The line and so many before and after it. A file "" or a line 0 is unknown: nothing is wanted. */
void source_lines_want(struct source_lines *sources, const char *file, uint32_t line, uint32_t around);

/* { file as source_path_shown has it: { line: text } }; files that cannot be read and lines past the end are not in it. */
json_t *source_lines_value(struct source_lines *sources);

#endif
