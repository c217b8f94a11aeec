#include "call_site.h"

#include "hash.h"
#include "hash_index.h"
#include "unwind.h"

static struct hash_index call_sites;

enum call_site call_site_of(uintptr_t return_address)
{
    return (enum call_site)hash_index_find(&call_sites, return_address * HASH_GOLDEN);
}

enum call_site call_site_classify(uintptr_t acquired, uintptr_t acquired_frame, uintptr_t released, uintptr_t released_frame)
{
    enum call_site site = call_site_of(acquired);
    if (site != CALL_SITE_UNKNOWN)
        return site;
    uintptr_t start = acquired_frame == released_frame ? unwind_function_start(acquired) : 0;
    site = start && start == unwind_function_start(released) ? CALL_SITE_DIRECT : CALL_SITE_WRAPPER;
    hash_index_insert(&call_sites, acquired * HASH_GOLDEN, site);
    return site;
}
