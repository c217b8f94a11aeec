#include "lock_pages.h"

#include <string.h>

union lock_page lock_pages[LOCK_PAGES];

void lock_pages_forget_all(void)
{
    memset(lock_pages, 0, sizeof lock_pages);
}
