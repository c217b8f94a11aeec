/* The call stack of the calling thread, without locks, allocation or the loader. */
#ifndef LOCKORDER_PRELOAD_UNWIND_H
#define LOCKORDER_PRELOAD_UNWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder.h"

/* Unwinds from the interposed function whose frame address is `frame`. Frames of the recorder's own are left out; the stack of
 * a thread ends with the function that the program gave to pthread_create. `state` holds what is known of this thread's stack. */
void unwind(struct thread_state *state, uintptr_t frame, uintptr_t return_address, struct stack *stack);

/* Code was unmapped: forgets what this thread's state knows by code address. Any thread. */
void unwind_forget_code(struct thread_state *state);

/* Whether a call that returns to `return_address`, made at frame address `frame`, is still on the stack. */
bool stack_has_call(const struct stack *stack, uintptr_t return_address, uintptr_t frame);

/* Where the function that contains this return address starts; 0 when it is not known. */
uintptr_t unwind_function_start(uintptr_t return_address);

#endif
