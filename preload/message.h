/* One clear line on stderr, without stdio. */
#ifndef LOCKORDER_PRELOAD_MESSAGE_H
#define LOCKORDER_PRELOAD_MESSAGE_H

/* From here on, a process and its children after fork count their messages together. Called once, by the constructor. */
void message_begin(void);

/* Writes "lockorder: " and the parts (NULL ends them) as one line, control bytes shown as '?'. Only a
 * handful of messages are written. Async-signal-safe; keeps errno. */
void message_write(const char *part, ...) __attribute__((sentinel));

/* Decimal digits of `number` into `digits` (at least 21 bytes); returns it. */
char *message_number(char digits[21], unsigned long number);

#endif
