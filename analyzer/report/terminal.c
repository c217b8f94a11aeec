#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_WHEN_UNKNOWN = 100 };

static const char *const escapes[] = {
    [TERMINAL_PLAIN] = "\033[0m",   [TERMINAL_CLEAN] = "\033[32m",  [TERMINAL_FINDING] = "\033[1;31m",
    [TERMINAL_MARK] = "\033[1;33m", [TERMINAL_HEADING] = "\033[1m",
};

static bool colour_is_forbidden;

void terminal_forbid_colour(void)
{
    colour_is_forbidden = true;
}

static bool wants_colour(int descriptor)
{
    if (colour_is_forbidden)
        return false;
    const char *no_colour = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    return isatty(descriptor) && (no_colour == NULL || *no_colour == '\0') && kind != NULL && strcmp(kind, "dumb") != 0;
}

struct terminal terminal_new(FILE *stream)
{
    struct winsize size;
    int descriptor = fileno(stream);
    bool sized = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return (struct terminal){.stream = stream,
                             .colour = wants_colour(descriptor),
                             .width = sized ? size.ws_col : WIDTH_WHEN_UNKNOWN,
                             .is_screen = sized && isatty(descriptor)};
}

void terminal_style(const struct terminal *terminal, enum terminal_style style)
{
    if (terminal->colour)
        fputs(escapes[style], terminal->stream);
}
