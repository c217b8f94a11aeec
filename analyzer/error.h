/* The one way an error reaches the user: stages return 0 or -1 and fill an `error`; cli/ prints it once.
 * The text is one line and says the file or option concerned, what was found and what was expected. */
#ifndef LOCKORDER_ANALYZER_ERROR_H
#define LOCKORDER_ANALYZER_ERROR_H

struct error {
    char text[1024];
};

/* Sets the text, printf-style, cut to fit. Control characters in it are replaced by '?'. Returns -1, so that a stage can
 * `return error_set(error, ...)`. */
int error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
