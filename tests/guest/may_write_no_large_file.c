/* Files may not grow beyond a size that the trace would soon reach: the program must not get the signal for it. */
/* EXPECT nothing: one order */
/* EXPECT perhaps limit dependencies */
/* EXPECT perhaps limit locks */
/* EXPECT perhaps limit contexts */
#include <sys/resource.h>

#include "guest.h"

enum { LOCKS = 60000 }; /* for a trace of more than 8 MB */

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
    struct rlimit limit = {.rlim_cur = 8192, .rlim_max = RLIM_INFINITY};
    pthread_mutex_t *inner = calloc(LOCKS, sizeof *inner);
    require(inner != NULL, "memory");
    lock_both(&outer, &inner[0]);
    require(setrlimit(RLIMIT_FSIZE, &limit) == 0, "a limit");
    for (int i = 0; i < LOCKS; i++)
        lock_both(&outer, &inner[i]);
    puts("locked");
    return 0;
}
