/* dlopen and dlclose run constructors and destructors under the loader's lock. Code that goes away takes along what is known by
 * its addresses. */
#include <dlfcn.h>

#include "acquire_call.h"
#include "cancellation.h"
#include "module.h"
#include "thread_state.h"

#define LOADER HELD_KIND_AND_MODE(TRACE_LOCK_LOADER, TRACE_MODE_EXCLUSIVE)

/* Stands for the loader's lock, whose own place is the loader's secret. */
static uint64_t loader_lock;

static SLOW void enter(uintptr_t return_address, uintptr_t frame)
{
    struct acquisition acquisition = {.lock = (uintptr_t)&loader_lock,
                                      .kind_and_mode = LOADER,
                                      .attempt = ATTEMPT_BLOCKING,
                                      .return_address = return_address,
                                      .frame = frame};
    acquire(&acquisition);
    /* Its end is not in the history: no other call of this kind can then be moved before it. */
    history_acquired(acquisition.lock);
}

/* dlopen looks at its return address to know who asks, so it must be reached by a jump, and its end is not seen: that the call
 * is over is noticed later (drop_returned_calls). */
EXPORT void *dlopen(const char *path, int mode)
{
    enter(CALL_RETURN_ADDRESS, CALL_FRAME);
    if (mode & RTLD_DEEPBIND)
        cancellation_expect(); /* its calls are not seen */
    return real.dlopen(path, mode);
}

EXPORT int dlclose(void *handle)
{
    int saved_errno;
    enter(CALL_RETURN_ADDRESS, CALL_FRAME);
    int result = real.dlclose(handle);
    released((uintptr_t)&loader_lock, CALL_RETURN_ADDRESS, CALL_FRAME);
    if (result != 0 || !recorder_enter(&saved_errno))
        return result;
    recorder_lock();
    if (module_forget_unloaded())
        thread_state_forget_code();
    recorder_unlock();
    recorder_leave(saved_errno);
    return result;
}
