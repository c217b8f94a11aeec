#include "error.h"

#include <stdarg.h>
#include <stdio.h>

/* A name in the message may come from a hostile file: it must not steer the terminal or start a second line. */
static void replace_control_characters(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == '\x7f')
            *text = '?';
    }
}

int error_set(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(error->text, sizeof error->text, format, arguments) < 0)
        error->text[0] = '\0';
    va_end(arguments);
    replace_control_characters(error->text);
    return -1;
}
