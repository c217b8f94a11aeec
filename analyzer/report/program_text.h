/* Text that comes from the observed program (names of threads, paths, functions, arguments) is bytes of any kind, and some of
 * them steer a terminal. It is kept raw everywhere and made harmless where it leaves: here. */
#ifndef LOCKORDER_ANALYZER_REPORT_PROGRAM_TEXT_H
#define LOCKORDER_ANALYZER_REPORT_PROGRAM_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* How many bytes the UTF-8 character at the start of `text` has: 1 to 4, or 0 when these bytes are not valid UTF-8 (overlong
 * forms, surrogates and values above U+10FFFF are not). `text` ends with NUL. */
size_t program_text_character(const unsigned char *text);

/* Writes the text to `stream`. Control characters, characters that reorder or break lines, and invalid bytes come out as \n, \t,
 * \xHH, one \xHH for each byte; a backslash is left as it is. */
void program_text_print(FILE *stream, const char *text);

/* What program_text_print writes. The caller frees. */
char *program_text_printable(const char *text);

/* The text as valid UTF-8: each invalid byte is replaced by the four characters \xHH, all else is unchanged. The caller frees. */
char *program_text_to_utf8(const char *text);

#endif
