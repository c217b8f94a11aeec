/* What plugin_locks.c loads: a library that locks as soon as it is there. */
#include <pthread.h>

#include "../stage.h"

extern pthread_mutex_t settings;

__attribute__((constructor)) static void register_itself(void)
{
    stage_meet();
    pthread_mutex_lock(&settings); /* EXPECT cycle: starter wants settings */
    pthread_mutex_unlock(&settings);
}
