/* A parent is locked under its child, though their levels say that it comes first. */
#include "lockorder/annotate.h"

#include "../verdicts/actors.h"

static pthread_mutex_t parent = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t child = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    lockorder_name_lock_at_level(&parent, "node", 1);
    lockorder_name_lock_at_level(&child, "node", 2);
    pthread_mutex_lock(&child);  /* EXPECT misuse: related */
    pthread_mutex_lock(&parent); /* EXPECT misuse: title against the declared order */
    pthread_mutex_unlock(&parent);
    pthread_mutex_unlock(&child);
    return 0;
}
