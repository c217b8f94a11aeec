/* Ten thousand short threads one after the other, and a thousand at once on the smallest stacks; or as many as the argument says.
 */
/* EXPECT nothing: one order */
/* EXPECT limit witnesses */
#include <limits.h>

#include "guest.h"

enum { ONE_AFTER_THE_OTHER = 10000, AT_ONCE = 1000, AT_ONCE_AT_MOST = 30000 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t all_run;

static void *lock_once(void *unused)
{
    lock_both(&outer, &inner);
    return unused;
}

static void *lock_together(void *unused)
{
    pthread_barrier_wait(&all_run);
    lock_both(&outer, &inner);
    return unused;
}

int main(int count, char **arguments)
{
    static pthread_t threads[AT_ONCE_AT_MOST];
    int at_once = count > 1 ? atoi(arguments[1]) : AT_ONCE;
    pthread_attr_t smallest;
    require(at_once <= AT_ONCE_AT_MOST, "fewer threads");
    for (int i = 0; i < ONE_AFTER_THE_OTHER; i++) {
        require(pthread_create(&threads[0], NULL, lock_once, NULL) == 0, "a thread");
        pthread_join(threads[0], NULL);
    }
    pthread_attr_init(&smallest);
    pthread_attr_setstacksize(&smallest, (size_t)PTHREAD_STACK_MIN);
    pthread_barrier_init(&all_run, NULL, (unsigned)at_once);
    for (int i = 0; i < at_once; i++)
        require(pthread_create(&threads[i], &smallest, lock_together, NULL) == 0, "a thread more");
    for (int i = 0; i < at_once; i++)
        pthread_join(threads[i], NULL);
    puts("joined");
    return 0;
}
