/* Epochs: what was done in one can never meet what is done in another, as the program or the user says. A thread notices a new
 * epoch at its next slow step, and goes on in a segment of its own; the caches are made to miss, so that this step comes. */
#ifndef LOCKORDER_PRELOAD_EPOCH_H
#define LOCKORDER_PRELOAD_EPOCH_H

#include "recorder.h"

/* From anywhere, also from a signal handler that interrupts the recorder. */
void epoch_begin(void);

/* Writes what epoch_begin has begun. With the recorder lock held. */
void epoch_write(void);

/* To be called before the thread's segment is used. Without the recorder lock, inside the recorder. */
void epoch_follow(struct thread_state *state);

/* Lets the signal of the options begin epochs, where the program has no handler for it yet. */
void epoch_install_handler(void);

/* In a child after fork. */
void epoch_restart(void);

#endif
