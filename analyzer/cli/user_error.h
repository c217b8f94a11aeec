/* The one way an error reaches the user: "lockorder: ", the text, end of line, on stderr. */
#ifndef LOCKORDER_ANALYZER_CLI_USER_ERROR_H
#define LOCKORDER_ANALYZER_CLI_USER_ERROR_H

/* printf-style. What could steer a terminal comes out escaped, so the text is one line in any case. */
void user_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
