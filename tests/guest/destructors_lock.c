/* Thread-specific data is destroyed after a thread's function has returned: its destructor locks, and so does the program's own
 * after main. */
/* EXPECT nothing: one order */
/* EXPECT limit witnesses */
#include "guest.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static int destroyed;

static void destroy(void *value)
{
    lock_both(&outer, &inner);
    destroyed++;
    if (value == &outer)
        pthread_setspecific(key, &inner); /* once more */
}

static void *use_key(void *unused)
{
    pthread_setspecific(key, &outer);
    return unused;
}

__attribute__((destructor)) static void after_main(void)
{
    lock_both(&outer, &inner);
    printf("destroyed %d\n", destroyed);
    fflush(stdout);
}

int main(void)
{
    require(pthread_key_create(&key, destroy) == 0, "a key");
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        require(pthread_create(&thread, NULL, use_key, NULL) == 0, "a thread");
        pthread_join(thread, NULL);
    }
    return 0;
}
