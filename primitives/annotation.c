#include "annotation.h"

#include <stdio.h>

/* Defined by the recorder when it is loaded. */
void lockorder_name_lock(const void *lock, const char *name) __attribute__((weak));

enum { LONGEST_NAME = 128 };

void annotate_lock(const void *lock, const char *name, const char *role)
{
    if (lockorder_name_lock == NULL || name == NULL)
        return;
    char full[LONGEST_NAME];
    snprintf(full, sizeof full, role == NULL ? "%s" : "%s.%s", name, role);
    lockorder_name_lock(lock, full);
}
