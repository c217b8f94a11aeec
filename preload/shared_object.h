/* What a lock that processes share lies in: the same memory is at different addresses in each of them. With the recorder lock. */
#ifndef LOCKORDER_PRELOAD_SHARED_OBJECT_H
#define LOCKORDER_PRELOAD_SHARED_OBJECT_H

#include <stdint.h>

/* Writes which object, and where in it, a lock is part of, so that the traces of other processes can be compared. Nothing when
 * its memory is not shared: then the lock is the process's own, whatever it was initialised to be. */
void shared_object_write(uint32_t lock, uintptr_t address);

#endif
