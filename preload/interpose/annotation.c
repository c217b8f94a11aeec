/* include/lockorder/annotate.h: what the program itself tells of its locks. */
#include "lockorder/annotate.h"

#include "acquire_call.h"
#include "epoch.h"
#include "lock_table.h"
#include "names.h"

#define ANNOTATED(mode) HELD_KIND_AND_MODE(TRACE_LOCK_ANNOTATED, (uint32_t)(mode))

static bool waits_for(const volatile void *lock)
{
    return recorder_self->wait.kind == TRACE_WAIT_LOCK && recorder_self->wait.address == (uintptr_t)lock;
}

EXPORT void lockorder_recorder_acquire(const volatile void *lock, enum lockorder_mode mode)
{
    struct acquisition acquisition = ACQUISITION(lock, ANNOTATED(mode), ATTEMPT_BLOCKING);
    wait_begins_for_lock(&acquisition, false);
}

EXPORT void lockorder_recorder_acquired(const volatile void *lock, enum lockorder_mode mode)
{
    struct acquisition acquisition = ACQUISITION(lock, ANNOTATED(mode), ATTEMPT_TRY);
    if (waits_for(lock)) {
        wait_ends((struct wait){0});
        history_acquired((uintptr_t)lock);
    } else {
        acquired(acquisition);
    }
}

EXPORT void lockorder_recorder_gave_up(const volatile void *lock)
{
    if (!waits_for(lock))
        return;
    acquire_ends((uintptr_t)lock, false);
    wait_ends((struct wait){0});
}

EXPORT void lockorder_recorder_released(const volatile void *lock)
{
    released((uintptr_t)lock, CALL_RETURN_ADDRESS, CALL_FRAME);
}

EXPORT void lockorder_recorder_destroyed(const volatile void *lock)
{
    lock_destroyed((const void *)(uintptr_t)lock);
}

EXPORT void lockorder_recorder_name(const volatile void *lock, const char *name, unsigned level)
{
    int saved_errno;
    if (!name || !recorder_enter(&saved_errno))
        return;
    recorder_lock();
    lock_table_set_name((uintptr_t)lock, name, level);
    recorder_unlock();
    recorder_leave(saved_errno);
}

EXPORT void lockorder_recorder_order(const char *before, const char *after)
{
    int saved_errno;
    if (!before || !after || !recorder_enter(&saved_errno))
        return;
    struct thread_state *state = acquire_thread_state();
    uint32_t context = state ? acquire_context(state, CALL_RETURN_ADDRESS, CALL_FRAME) : 0;
    recorder_lock();
    names_declare_order(before, after, context);
    recorder_unlock();
    recorder_leave(saved_errno);
}

EXPORT void lockorder_recorder_epoch(void)
{
    int saved_errno;
    epoch_begin();
    if (!recorder_enter(&saved_errno))
        return;
    recorder_lock();
    epoch_write();
    recorder_unlock();
    recorder_leave(saved_errno);
}
