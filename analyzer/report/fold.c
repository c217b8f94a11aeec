#include "fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* In less, there is nothing to fold to. */
enum { LEAST_WIDTH = 40, FURTHER = 4, MOST_INDENT = 16 };

const struct terminal *fold_open(struct fold *fold, const struct terminal *terminal)
{
    *fold = (struct fold){.outer = terminal};
    if (!terminal->is_screen || terminal->width < LEAST_WIDTH)
        return terminal;
    memory_stream_open(&fold->memory);
    fold->inner = *terminal;
    fold->inner.stream = fold->memory.stream;
    return &fold->inner;
}

void fold_close(struct fold *fold)
{
    if (fold->memory.stream == NULL)
        return;
    char *text = memory_stream_close(&fold->memory);
    fold_print(fold->outer->stream, text, fold->outer->width);
    free(text);
}

/* The bytes of the character at the start: of a style, which has no width, of one in UTF-8, or of one of ASCII. */
static size_t character_size(const char *text, bool *is_style)
{
    size_t size = 1;
    *is_style = text[0] == '\033';
    if (*is_style)
        return strcspn(text, "m") + 1;
    while (((unsigned char)text[size] & 0xc0) == 0x80)
        size++;
    return size;
}

/* How many bytes of the line go on this line of the screen: up to the last space that fits, or all of the first word where none
 * does. */
static size_t length_that_fits(const char *line, size_t length, int width)
{
    size_t last_space = 0;
    int column = 0;
    bool is_style;
    for (size_t i = strspn(line, " "), size; i < length; i += size) {
        size = character_size(line + i, &is_style);
        column += !is_style;
        if (line[i] == ' ' && (column <= width + 1 || last_space == 0))
            last_space = i;
        if (column > width && last_space != 0)
            return last_space;
    }
    return length;
}

static void print_line(FILE *stream, const char *line, size_t length, int width)
{
    int indent = (int)strspn(line, " ");
    int further = indent + FURTHER < MOST_INDENT ? indent + FURTHER : MOST_INDENT;
    for (int left = indent;; left = further) {
        size_t fits = length_that_fits(line, length, width - left);
        fwrite(line, 1, fits, stream);
        line += fits;
        length -= fits;
        if (length == 0)
            return;
        size_t spaces = strspn(line, " ");
        line += spaces;
        length -= spaces;
        fprintf(stream, "\n%*s", further, "");
    }
}

void fold_print(FILE *stream, const char *text, int width)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        print_line(stream, text, length, width);
        text += length;
        if (*text == '\n')
            fputc(*text++, stream);
    }
}
