#include "check.h"

#include <stdlib.h>

#include "message.h"

_Noreturn void check_failed(const char *what, uintptr_t lock)
{
    char digits[21];
    message_write("SELF-CHECK FAILED: ", what, ", lock ", message_number(digits, lock), NULL);
    abort();
}
