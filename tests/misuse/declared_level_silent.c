/* A child is locked under its parent, as their levels say. */
/* EXPECT nothing: as declared */
#include "lockorder/annotate.h"

#include "../verdicts/actors.h"

static pthread_mutex_t parent = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t child = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    lockorder_name_lock_at_level(&parent, "node", 1);
    lockorder_name_lock_at_level(&child, "node", 2);
    pthread_mutex_lock(&parent);
    pthread_mutex_lock(&child);
    pthread_mutex_unlock(&child);
    pthread_mutex_unlock(&parent);
    return 0;
}
