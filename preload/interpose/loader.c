/* Code that goes away takes along what is known by its addresses. */
#include "module.h"
#include "real.h"
#include "recorder.h"
#include "thread_state.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int dlclose(void *handle)
{
    int saved_errno;
    int result = real.dlclose(handle);
    if (result != 0 || !recorder_enter(&saved_errno))
        return result;
    recorder_lock();
    if (module_forget_unloaded())
        thread_state_forget_code();
    recorder_unlock();
    recorder_leave(saved_errno);
    return result;
}
