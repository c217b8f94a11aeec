/* The recorder's unwinder against libunwind, over the kinds of frames that compilers make. */
#include <alloca.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "unwind.h"

void unwind_fixture(struct thread_state *state, struct stack *stack);

enum { FRAMES_AT_MOST = 256 };

static volatile unsigned checks;
static volatile bool in_signal_handler; /* an interrupted function has no return address on the stack */

/* Both from the same function: the innermost frames differ in where exactly they are in it. */
static __attribute__((noinline)) void compare_stacks(void)
{
    struct thread_state unknown_stack = {0};
    struct stack ours;
    void *theirs[FRAMES_AT_MOST];
    unwind_fixture(&unknown_stack, &ours);
    int count = unw_backtrace(theirs, FRAMES_AT_MOST);
    assert_true(count > 1);
    assert_true(ours.count > 1);
    uint32_t expected = (uint32_t)count < LOCKORDER_TRACE_MAX_FRAMES ? (uint32_t)count : LOCKORDER_TRACE_MAX_FRAMES;
    assert_int_equal(ours.count, expected);
    for (uint32_t i = 1; i < ours.count; i++)
        assert_ptr_equal((void *)ours.frames[i].address, theirs[i]);
    for (uint32_t i = 1; i < ours.count && !in_signal_handler; i++)
        assert_int_equal(*(uintptr_t *)(ours.frames[i].frame - sizeof(uintptr_t)), ours.frames[i].address);
    checks++;
}

static __attribute__((noinline)) void recurse(unsigned depth)
{
    if (depth)
        recurse(depth - 1);
    else
        compare_stacks();
    __asm__ volatile("");
}

static __attribute__((noinline)) void with_alloca(size_t size)
{
    char *block = alloca(size);
    memset(block, 1, size);
    compare_stacks();
    __asm__ volatile("" ::"r"(block) : "memory");
}

static __attribute__((noinline)) void with_realigned_stack(size_t size)
{
    char aligned[64] __attribute__((aligned(256)));
    aligned[size % 64] = 1;
    char *block = alloca(size);
    memset(block, 1, size);
    compare_stacks();
    __asm__ volatile("" ::"r"(aligned), "r"(block) : "memory");
}

static __attribute__((noinline)) void with_large_frame(void)
{
    char large[1 << 16];
    memset(large, 1, sizeof large);
    compare_stacks();
    __asm__ volatile("" ::"r"(large) : "memory");
}

static int through_libc(const void *left, const void *right)
{
    if (!checks)
        compare_stacks();
    return *(const int *)left - *(const int *)right;
}

static void in_handler(int signal)
{
    (void)signal;
    in_signal_handler = true;
    compare_stacks();
    in_signal_handler = false;
}

static void simple_frames(void **unused)
{
    (void)unused;
    for (unsigned depth = 0; depth < 40; depth++)
        recurse(depth);
}

static void more_frames_than_are_kept(void **unused)
{
    (void)unused;
    recurse(100);
}

static void moving_frames(void **unused)
{
    (void)unused;
    for (size_t size = 16; size < 20000; size += 997) {
        with_alloca(size);
        with_realigned_stack(size);
    }
    with_large_frame();
}

static void frames_of_libraries(void **unused)
{
    (void)unused;
    int numbers[] = {3, 1, 2};
    checks = 0;
    qsort(numbers, 3, sizeof numbers[0], through_libc);
    assert_int_equal(checks, 1);
}

static void signal_frames(void **unused)
{
    (void)unused;
    struct sigaction action = {.sa_handler = in_handler}, former;
    assert_int_equal(sigaction(SIGUSR1, &action, &former), 0);
    checks = 0;
    raise(SIGUSR1);
    assert_int_equal(checks, 1);
    sigaction(SIGUSR1, &former, NULL);
}

static void signal_frames_on_another_stack(void **unused)
{
    (void)unused;
    stack_t other = {.ss_size = 1 << 16, .ss_sp = malloc(1 << 16)}, former_stack;
    struct sigaction action = {.sa_handler = in_handler, .sa_flags = SA_ONSTACK}, former;
    assert_int_equal(sigaltstack(&other, &former_stack), 0);
    assert_int_equal(sigaction(SIGUSR1, &action, &former), 0);
    checks = 0;
    raise(SIGUSR1);
    assert_int_equal(checks, 1);
    sigaction(SIGUSR1, &former, NULL);
    sigaltstack(&former_stack, NULL);
    free(other.ss_sp);
}

static void *in_thread(void *unused)
{
    (void)unused;
    recurse(3);
    return NULL;
}

static void frames_of_a_thread(void **unused)
{
    (void)unused;
    pthread_t thread;
    checks = 0;
    assert_int_equal(pthread_create(&thread, NULL, in_thread, NULL), 0);
    pthread_join(thread, NULL);
    assert_int_equal(checks, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_frames),
        cmocka_unit_test(more_frames_than_are_kept),
        cmocka_unit_test(moving_frames),
        cmocka_unit_test(frames_of_libraries),
        cmocka_unit_test(signal_frames),
        cmocka_unit_test(signal_frames_on_another_stack),
        cmocka_unit_test(frames_of_a_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
