/* Two threads; the second one gets no name, so it has the one that its creator had then, and has no more. */
#include <sys/prctl.h>

#include "../verdicts/actors.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void *nameless(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&b); /* EXPECT deadlock: creator holds b */
    end_turn();
    wait_for_turn(2);
    pthread_mutex_lock(&a); /* EXPECT deadlock: creator wants a */
    return NULL;
}

static void creator(void)
{
    pthread_t thread;
    require(pthread_create(&thread, NULL, nameless, NULL) == 0, "one thread more");
    prctl(PR_SET_NAME, "renamed");
    pthread_mutex_lock(&a); /* EXPECT deadlock: renamed holds a */
    end_turn();
    wait_for_turn(2);
    pthread_mutex_lock(&b); /* EXPECT deadlock: renamed wants b */
}

int main(void)
{
    join(START(creator));
    return 0;
}
