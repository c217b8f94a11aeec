/* A teller locks the desk, then a drawer; a cleaner locks a drawer, then the desk. In this run they are at different desks. */
#include "actors.h"

struct desk {
    pthread_mutex_t lock;
    pthread_mutex_t drawer;
};

static struct desk *desks;

static void open_desk(struct desk *desk)
{
    pthread_mutex_init(&desk->lock, NULL);   /* PLACE desk */
    pthread_mutex_init(&desk->drawer, NULL); /* PLACE drawer */
}

static void teller(void)
{
    pthread_mutex_lock(&desks[0].lock);   /* EXPECT order: subkind 2 classes; teller holds "mutex #N initialised at @desk open_desk" */
    pthread_mutex_lock(&desks[0].drawer); /* EXPECT order: teller wants "mutex #N initialised at @drawer open_desk" */
    pthread_mutex_unlock(&desks[0].drawer);
    pthread_mutex_unlock(&desks[0].lock);
    end_turn();
}

static void cleaner(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&desks[1].drawer); /* EXPECT order: cleaner holds "mutex #N initialised at @drawer open_desk" */
    pthread_mutex_lock(&desks[1].lock);   /* EXPECT order: cleaner wants "mutex #N initialised at @desk open_desk" */
    pthread_mutex_unlock(&desks[1].lock);
    pthread_mutex_unlock(&desks[1].drawer);
}

int main(void)
{
    desks = (struct desk *)calloc(2, sizeof *desks);
    require(desks != NULL, "memory");
    for (int i = 0; i < 2; i++)
        open_desk(&desks[i]);
    PLAY_TOGETHER(teller, cleaner);
    free(desks);
    return 0;
}
