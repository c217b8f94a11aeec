/* Three threads, each of which joins the next one. */
/* EXPECT deadlock: title one */
#include "../verdicts/actors.h"

static struct actor *volatile actors[3];
static void one(void);
static void another(void);
static void third(void);

static void one(void)
{
    end_turn();
    wait_for_turn(4);
    join(actors[1]);
}

static void another(void)
{
    end_turn();
    wait_for_turn(4);
    join(actors[2]);
}

static void third(void)
{
    end_turn();
    wait_for_turn(4);
    join(actors[0]);
}

int main(void)
{
    actors[0] = START(one);
    actors[1] = START(another);
    actors[2] = START(third);
    end_turn(); /* all actors are known */
    pthread_exit(NULL);
    return 0;
}
