/* What the program calls its locks. Call with the recorder lock held. */
#ifndef LOCKORDER_PRELOAD_NAMES_H
#define LOCKORDER_PRELOAD_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct name {
    uint32_t level;
    uint32_t size; /* bytes of the text, final NUL included */
    char text[];
};

/* A copy, which lives for ever: one for all locks of that name and level. NULL when there is no memory. */
const struct name *names_keep(const char *text, uint32_t level);

/* Whether the program said that the lock named `wanted` is not to be taken while the one named `held` is: declared the other way
 * round, or of one name and not of a higher level. Either may be NULL. */
bool names_forbid(const struct name *held, const struct name *wanted);

void names_write(uint32_t lock, const struct name *name);
void names_declare_order(const char *before, const char *after, uint32_t context);

/* In a child after fork. */
void names_forget_all(void);

#endif
