/* Three threads, each wants what the next one holds. One of them has given itself another name, and does not end; its
 * child of vfork, which runs in its memory, has a name of its own. */
#include <sys/prctl.h>
#include <unistd.h>

#include "../verdicts/actors.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;

static void one(void)
{
    prctl(PR_SET_NAME, "renamed");
    if (vfork() == 0) {
        prctl(PR_SET_NAME, "a child");
        _exit(0);
    }
    pthread_mutex_lock(&a); /* EXPECT deadlock: renamed holds a */
    end_turn();
    wait_for_turn(3);
    pthread_mutex_lock(&b); /* EXPECT deadlock: renamed wants b */
}

static void another(void)
{
    pthread_mutex_lock(&b); /* EXPECT deadlock: another holds b */
    end_turn();
    wait_for_turn(3);
    pthread_mutex_lock(&c); /* EXPECT deadlock: another wants c */
}

static void third(void)
{
    pthread_mutex_lock(&c); /* EXPECT deadlock: third holds c */
    end_turn();
    wait_for_turn(3);
    pthread_mutex_lock(&a); /* EXPECT deadlock: third wants a */
}

int main(void)
{
    struct actor *actor_one = START(one), *actor_another = START(another), *actor_third = START(third);
    join(actor_one);
    join(actor_another);
    join(actor_third);
    return 0;
}
