#include "annotation.h"

#include <stddef.h>
#include <stdio.h>

#include <lockorder/annotate.h>

enum { LONGEST_NAME = 128 };

void annotate_lock(const void *lock, const char *name, const char *role)
{
    if (name == NULL)
        return;
    char full[LONGEST_NAME];
    snprintf(full, sizeof full, role == NULL ? "%s" : "%s.%s", name, role);
    lockorder_name_lock(lock, full);
}
