#include "epoch.h"

#include <signal.h>

#include "lock_generation.h"
#include "options.h"
#include "thread_state.h"
#include "trace_writer.h"

static uint32_t begun;   /* by whoever asked */
static uint32_t written; /* to the trace, under the recorder lock */

void epoch_begin(void)
{
    __atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < 1 << LOCK_GENERATION_BITS; i++)
        __atomic_fetch_add(&lock_generations[i], LOCK_GENERATION_STEP, __ATOMIC_RELAXED);
}

void epoch_write(void)
{
    uint32_t wanted = __atomic_load_n(&begun, __ATOMIC_RELAXED);
    if (written == wanted)
        return;
    written = wanted;
    struct trace_epoch *record = trace_append(TRACE_RECORD_EPOCH, sizeof *record);
    if (!record)
        return;
    record->epoch = wanted;
    trace_commit();
}

void epoch_follow(struct thread_state *state)
{
    if (state->epoch == __atomic_load_n(&begun, __ATOMIC_RELAXED))
        return;
    recorder_lock();
    epoch_write();
    state->epoch = written;
    thread_state_next_segment(state, TRACE_SEGMENT_EPOCH, 0);
    recorder_unlock();
}

static void handle_signal(int number)
{
    (void)number;
    epoch_begin();
}

void epoch_install_handler(void)
{
    struct sigaction action = {.sa_flags = SA_RESTART}, before;
    action.sa_handler = handle_signal;
    if (options.epoch_signal && sigaction(options.epoch_signal, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
        sigaction(options.epoch_signal, &action, NULL);
}

void epoch_restart(void)
{
    begun = written = 0;
}
