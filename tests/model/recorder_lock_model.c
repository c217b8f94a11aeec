/* The recorder's lock: one at a time, and nobody sleeps on. */
#include <stdlib.h>

#include "atomic_steps.h"

/* In place of raw_system_call.h. */
#define LOCKORDER_PRELOAD_RAW_SYSTEM_CALL_H

#include <linux/futex.h>

static long essential_system_call(long number, long word, long operation, long value, long d, long e, long f)
{
    (void)number, (void)d, (void)e, (void)f;
    if (operation == FUTEX_WAIT_PRIVATE)
        model_wait((const uint32_t *)word, (uint32_t)value);
    else
        model_wake((const uint32_t *)word, (unsigned)value);
    return 0;
}

#include "recorder_lock.h"

static struct recorder_lock lock;
static unsigned inside, entered;

static void reset(void)
{
    lock.word = inside = entered = 0;
}

static void work(void)
{
    if (++inside != 1)
        model_fail("two are inside");
    entered++;
    model_step();
    inside--;
}

static void take_and_release(void)
{
    recorder_lock_take(&lock);
    work();
    recorder_lock_release(&lock);
}

/* Says nothing of the others that wait. */
static void take_as_if_alone(void)
{
    while (__atomic_exchange_n(&lock.word, 1, __ATOMIC_ACQUIRE) != 0)
        essential_system_call(0, (long)&lock.word, FUTEX_WAIT_PRIVATE, 1, 0, 0, 0);
    work();
    recorder_lock_release(&lock);
}

static void look_then_take(void)
{
    while (__atomic_load_n(&lock.word, __ATOMIC_ACQUIRE) != 0)
        ;
    __atomic_store_n(&lock.word, 1, __ATOMIC_RELEASE);
    work();
    recorder_lock_release(&lock);
}

static const char *wrong(void)
{
    return entered != 3 || lock.word != 0 ? "somebody did not come in, or the lock is left locked" : NULL;
}

int main(void)
{
    const struct model models[] = {
        {"three take the lock", reset, {take_and_release, take_and_release, take_and_release}, 3, 4, wrong, NULL, false},
        {"one forgets who waits", reset, {take_as_if_alone, take_as_if_alone, take_as_if_alone}, 3, 2, wrong, NULL, true},
        {"two look before they take", reset, {look_then_take, look_then_take, take_and_release}, 3, 2, wrong, NULL, true},
    };
    bool hold = true;
    for (unsigned i = 0; i < sizeof models / sizeof models[0]; i++)
        hold &= model_holds(&models[i]);
    return hold ? EXIT_SUCCESS : EXIT_FAILURE;
}
