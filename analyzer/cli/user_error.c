#include "user_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/program_text.h"

void user_error(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    fputs("lockorder: ", stderr);
    program_text_print(stderr, text == NULL ? "out of memory" : text);
    fputc('\n', stderr);
    free(text);
}
