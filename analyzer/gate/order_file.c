#include "order_file.h"

#include <ctype.h>
#include <errno.h>

#include "allocate.h"

static const char blanks[] = " \t\r\n";

static bool needs_quotes(const char *name)
{
    if (*name == '\0')
        return true;
    for (; *name != '\0'; name++) {
        if (!isgraph((unsigned char)*name) || strchr("\"\\#", *name) != NULL)
            return true;
    }
    return false;
}

void order_file_print_name(FILE *stream, const char *name)
{
    if (!needs_quotes(name)) {
        fputs(name, stream);
        return;
    }
    fputc('"', stream);
    for (; *name != '\0'; name++) {
        if (!isprint((unsigned char)*name))
            fprintf(stream, "\\x%02x", (unsigned)(unsigned char)*name);
        else
            fprintf(stream, "%s%c", strchr("\"\\", *name) != NULL ? "\\" : "", *name);
    }
    fputc('"', stream);
}

/* --- Reading --- */

/* The value of two hexadecimal digits that are no NUL, or -1. */
static int read_byte(const char *text)
{
    if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]))
        return -1;
    char digits[] = {text[0], text[1], '\0'};
    long value = strtol(digits, NULL, 16);
    return value == 0 ? -1 : (int)value;
}

/* Takes the characters of a quoted name, which gets shorter, up to its last quote. NULL when that is missing. */
static char *read_quoted(char **text)
{
    char *name = ++*text, *to = name;
    for (char *from = name; *from != '\0'; from++) {
        if (*from == '"') {
            *text = from + 1;
            *to = '\0';
            return name;
        }
        if (*from == '\\' && from[1] == 'x') {
            int byte = read_byte(from + 2);
            if (byte < 0)
                return NULL;
            *to++ = (char)byte;
            from += 3;
            continue;
        }
        if (*from == '\\' && *++from == '\0')
            return NULL;
        *to++ = *from;
    }
    return NULL;
}

/* A name, or the word "before". Changes the text, and moves it behind. NULL at its end, at a comment, or where no name is. */
static char *read_word(char **text)
{
    *text += strspn(*text, blanks);
    if (**text == '"')
        return read_quoted(text);
    size_t length = strcspn(*text, " \t\r\n#");
    if (length == 0)
        return NULL;
    char *word = *text;
    *text += length;
    if (**text != '\0' && **text != '#')
        *(*text)++ = '\0';
    return word;
}

static bool is_end(const char *text)
{
    text += strspn(text, blanks);
    return *text == '\0' || *text == '#';
}

struct reader {
    const char *path;
    unsigned line;
    struct order_graph *graph;
    struct error *error;
};

static int read_line(const struct reader *reader, char *text)
{
    if (is_end(text))
        return 0;
    char *before = read_word(&text), *word = before == NULL ? NULL : read_word(&text);
    char *after = word == NULL ? NULL : read_word(&text);
    if (after == NULL || strcmp(word, "before") != 0 || !is_end(text))
        return error_set(reader->error, "%s:%u: expected 'NAME before NAME', names with blanks in quotes", reader->path,
                         reader->line);
    if (*text == '#')
        *text = '\0';
    if (!order_graph_add(reader->graph, before, after))
        return error_set(reader->error, "%s:%u: '%s before %s' contradicts the lines above, which put '%s' first", reader->path,
                         reader->line, before, after, after);
    return 0;
}

static int read_lines(struct reader *reader, FILE *stream)
{
    char *text = NULL;
    size_t room = 0;
    int result = 0;
    while (result == 0 && getline(&text, &room, stream) >= 0) {
        reader->line++;
        result = read_line(reader, text);
    }
    free(text);
    if (result == 0 && ferror(stream))
        return error_set(reader->error, "%s: the order cannot be read: %s", reader->path, strerror(errno));
    return result;
}

struct order_graph *order_file_read(const char *path, struct error *error)
{
    struct reader reader = {.path = path, .error = error};
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        error_set(error, "%s: the order cannot be read: %s", path, strerror(errno));
        return NULL;
    }
    reader.graph = order_graph_new();
    int result = read_lines(&reader, stream);
    fclose(stream);
    if (result == 0)
        return reader.graph;
    order_graph_free(reader.graph);
    return NULL;
}
