/* Desks and drawers as in the twin, and both lock the desk first, wherever it lies. */
/* EXPECT nothing: desks are locked before drawers */
#include "actors.h"

struct desk {
    pthread_mutex_t lock;
    pthread_mutex_t drawer;
};

static struct desk *desks;

static void open_desk(struct desk *desk)
{
    pthread_mutex_init(&desk->lock, NULL);
    pthread_mutex_init(&desk->drawer, NULL);
}

static void use(struct desk *desk, struct desk *with_drawer_of)
{
    pthread_mutex_lock(&desk->lock);
    pthread_mutex_lock(&with_drawer_of->drawer);
    pthread_mutex_unlock(&with_drawer_of->drawer);
    pthread_mutex_unlock(&desk->lock);
}

static void teller(void)
{
    use(&desks[0], &desks[1]);
    end_turn();
}

static void cleaner(void)
{
    wait_for_turn(1);
    use(&desks[3], &desks[2]);
}

int main(void)
{
    desks = (struct desk *)calloc(4, sizeof *desks);
    require(desks != NULL, "memory");
    for (int i = 0; i < 4; i++)
        open_desk(&desks[i]);
    PLAY_TOGETHER(teller, cleaner);
    free(desks);
    return 0;
}
