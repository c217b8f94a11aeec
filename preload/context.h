/* Interned call stacks. Call with the recorder lock held. */
#ifndef LOCKORDER_PRELOAD_CONTEXT_H
#define LOCKORDER_PRELOAD_CONTEXT_H

#include <stdint.h>

#include "unwind.h"

/* The id of a stack; 0 when it could not be recorded, which is counted. */
uint32_t context_intern(const struct stack *stack);

/* The true context of a lock that is still held. Where it was acquired at a direct call site (call_site.h), `context` was found
 * by return address and stack depth alone, and its outer frames may be those of another call path of the same depth. The
 * function that took the lock is still running then: it is on `now`, the stack of the thread at this moment, at the same frame
 * address, and its callers are taken from there. */
uint32_t context_of_held(uint32_t context, uintptr_t frame, const struct stack *now);

/* The return address of a context's innermost frame; 0 when it has none. */
uintptr_t context_innermost(uint32_t context);

/* The addresses of a context's frames (their frame addresses are not kept). */
void context_read_back(uint32_t context, struct stack *stack);

void context_forget_all(void);

#endif
