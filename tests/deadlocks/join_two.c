/* Two threads join each other. */
/* EXPECT deadlock: title one */
#include "../verdicts/actors.h"

static struct actor *volatile actors[2];
static void one(void);
static void another(void);

static void one(void)
{
    end_turn();
    wait_for_turn(3);
    join(actors[1]);
}

static void another(void)
{
    end_turn();
    wait_for_turn(3);
    join(actors[0]);
}

int main(void)
{
    actors[0] = START(one);
    actors[1] = START(another);
    end_turn(); /* all actors are known */
    pthread_exit(NULL);
    return 0;
}
