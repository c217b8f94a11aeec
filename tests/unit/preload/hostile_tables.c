/* What is unwound through, and whose unwind tables the test breaks. */
#include "hostile_tables.h"

__attribute__((noinline, visibility("default"))) void hostile_call(hostile_callee *callee, void *argument)
{
    volatile char used[40];
    used[0] = 1;
    callee(argument);
    used[1] = used[0];
}
