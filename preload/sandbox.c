#include "sandbox.h"

#include <stddef.h>

#include "arena.h"
#include "lifecycle.h"
#include "message.h"
#include "options.h"
#include "raw_system_call.h"
#include "recorder.h"
#include "trace_writer.h"

#define TABLES_AHEAD ((size_t)16 << 20) /* of addresses: memory is taken when it is used */

static void prepare(void)
{
    pages_reserve(TABLES_AHEAD);
    trace_reserve_ahead();
    if (options.report)
        message_write("this process enters a sandbox and cannot report at its end; report on it with: lockorder report ",
                      trace_path(), NULL);
    recorder_in_sandbox = true;
}

void sandbox_enter(void)
{
    int saved_errno;
    if (recorder_in_sandbox || !recorder_enter(&saved_errno))
        return;
    recorder_lock();
    prepare();
    recorder_unlock();
    recorder_leave(saved_errno);
}

void sandbox_enter_strictest(void)
{
    int saved_errno;
    if (!recorder_enter(&saved_errno))
        return;
    lifecycle_close();
    recorder_leave(saved_errno);
}
