/* flockfile and its kin: the lock of a stdio stream, which is recursive. What stdio's own functions lock in passing is not seen;
 * they hold nothing of the program's meanwhile. */
#include "acquire_call.h"

#define STREAM HELD_KIND_AND_MODE(TRACE_LOCK_FILE, TRACE_MODE_EXCLUSIVE)

EXPORT void flockfile(FILE *stream)
{
    struct acquisition acquisition = ACQUISITION(stream, STREAM, ATTEMPT_BLOCKING);
    if (real.ftrylockfile(stream) == 0) {
        acquired(acquisition);
        return;
    }
    struct wait former = wait_begins_for_lock(&acquisition, false);
    real.flockfile(stream);
    acquire_ends(acquisition.lock, true);
    wait_ends(former);
}

EXPORT int ftrylockfile(FILE *stream)
{
    TRY_TO_ACQUIRE(stream, STREAM, real.ftrylockfile(stream));
}

EXPORT void funlockfile(FILE *stream)
{
    released((uintptr_t)stream, CALL_RETURN_ADDRESS, CALL_FRAME);
    real.funlockfile(stream);
}
