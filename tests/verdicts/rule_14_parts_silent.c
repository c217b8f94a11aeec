/* One loop initialises all mutexes of a pipeline, though each stage has two parts: its own and the one for what it has done. A stage
 * takes its own, then either its result or that of the stage before: neither by address nor by a key, but never the other way round. */
/* EXPECT nothing: no mutex is ever held in one part and wanted in the other */
#include "actors.h"

enum { STAGES = 4 };

static struct stage {
    pthread_mutex_t own, result;
} *stages;

static void open_stages(void)
{
    stages = (struct stage *)calloc(STAGES, sizeof *stages);
    require(stages != NULL, "stages");
    for (int i = 0; i < 2 * STAGES; i++)
        pthread_mutex_init(i % 2 ? &stages[i / 2].result : &stages[i / 2].own, NULL);
}

static void take(struct stage *stage, struct stage *results_of)
{
    pthread_mutex_lock(&stage->own);
    pthread_mutex_lock(&results_of->result);
    pthread_mutex_unlock(&results_of->result);
    pthread_mutex_unlock(&stage->own);
}

static void produce(void)
{
    for (int i = 0; i < STAGES; i++)
        take(&stages[i], &stages[i]);
    end_turn();
}

static void consume(void)
{
    wait_for_turn(1);
    for (int i = 0; i < STAGES; i++)
        take(&stages[i], &stages[(i + STAGES - 1) % STAGES]);
}

int main(void)
{
    open_stages();
    PLAY_TOGETHER(produce, consume);
    free(stages);
    return 0;
}
