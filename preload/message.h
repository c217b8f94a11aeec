/* One clear line on stderr, without stdio. */
#ifndef LOCKORDER_PRELOAD_MESSAGE_H
#define LOCKORDER_PRELOAD_MESSAGE_H

/* Writes "lockorder: " and the parts (NULL ends them) as one line, control bytes shown as '?'. At most a handful of messages a
 * process are written. Async-signal-safe; keeps errno. */
void message_write(const char *part, ...) __attribute__((sentinel));

/* Decimal digits of `number` into `digits` (at least 21 bytes); returns it. */
char *message_number(char digits[21], unsigned long number);

#endif
