/* Ten thousand short threads one after the other, and a thousand at once on the smallest stacks. */
/* EXPECT nothing: one order */
/* EXPECT limit witnesses */
#include <limits.h>

#include "guest.h"

enum { ONE_AFTER_THE_OTHER = 10000, AT_ONCE = 1000 };

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

int main(void)
{
    static pthread_t threads[AT_ONCE];
    pthread_attr_t smallest;
    for (int i = 0; i < ONE_AFTER_THE_OTHER; i++) {
        require(pthread_create(&threads[0], NULL, lock_once, NULL) == 0, "a thread");
        pthread_join(threads[0], NULL);
    }
    pthread_attr_init(&smallest);
    pthread_attr_setstacksize(&smallest, (size_t)PTHREAD_STACK_MIN);
    pthread_barrier_init(&all_run, NULL, AT_ONCE);
    for (int i = 0; i < AT_ONCE; i++)
        require(pthread_create(&threads[i], &smallest, lock_together, NULL) == 0, "a thread more");
    for (int i = 0; i < AT_ONCE; i++)
        pthread_join(threads[i], NULL);
    puts("joined");
    return 0;
}
