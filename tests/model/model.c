#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { STACK_SIZE = 64 << 10, MOST_STEPS = 4000 };

struct actor {
    ucontext_t context;
    void (*play)(void);
    const uint32_t *waits_at; /* NULL: it can go on */
    bool ended;
};

/* One choice of a schedule: who goes on, of those who could. */
struct choice {
    uint8_t actor, preemptions;
};

static struct actor actors[MODEL_MOST_ACTORS];
static unsigned char stacks[MODEL_MOST_ACTORS][STACK_SIZE] __attribute__((aligned(64)));
static ucontext_t scheduler;
static unsigned running;
static const char *failure;
static struct choice schedule[MOST_STEPS];

void model_step(void)
{
    swapcontext(&actors[running].context, &scheduler);
}

unsigned model_actor(void)
{
    return running;
}

void model_fail(const char *why)
{
    failure = failure ? failure : why;
}

void model_wait(const uint32_t *word, uint32_t expected)
{
    model_step();
    if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != expected)
        return;
    actors[running].waits_at = word;
    model_step();
}

void model_wake(const uint32_t *word, unsigned count)
{
    model_step();
    for (unsigned i = 0; i < MODEL_MOST_ACTORS && count != 0; i++) {
        if (actors[i].waits_at == word) {
            actors[i].waits_at = NULL;
            count--;
        }
    }
}

static void enter(void)
{
    actors[running].play();
    actors[running].ended = true;
    swapcontext(&actors[running].context, &scheduler);
}

static void begin(const struct model *model)
{
    memset(actors, 0, sizeof actors);
    failure = NULL;
    model->reset();
    for (unsigned i = 0; i < model->actor_count; i++) {
        actors[i].play = model->actors[i];
        getcontext(&actors[i].context);
        actors[i].context.uc_stack.ss_sp = stacks[i];
        actors[i].context.uc_stack.ss_size = STACK_SIZE;
        makecontext(&actors[i].context, enter, 0);
    }
}

static bool can_go_on(const struct model *model, unsigned actor)
{
    return actor < model->actor_count && !actors[actor].ended && !actors[actor].waits_at;
}

/* The next one after `actor` that may go on at this step, when the one before it was chosen as `before`; actor_count: none. */
static unsigned next_choice(const struct model *model, unsigned first, const struct choice *before)
{
    for (unsigned actor = first; actor < model->actor_count; actor++) {
        bool preempts = before && actor != before->actor && can_go_on(model, before->actor);
        if (can_go_on(model, actor) && !(preempts && before->preemptions == model->preemptions))
            return actor;
    }
    return model->actor_count;
}

static bool all_have_ended(const struct model *model)
{
    for (unsigned i = 0; i < model->actor_count; i++)
        if (!actors[i].ended)
            return false;
    return true;
}

static void go_on(const struct model *model, unsigned step, unsigned actor)
{
    const struct choice *before = step ? &schedule[step - 1] : NULL;
    bool preempts = before && actor != before->actor && can_go_on(model, before->actor);
    uint8_t preemptions = before ? before->preemptions : 0;
    schedule[step] = (struct choice){(uint8_t)actor, (uint8_t)(preemptions + preempts)};
    running = actor;
    swapcontext(&scheduler, &actors[actor].context);
}

/* Plays the first `fixed` choices again, then goes on as the first who can. Returns how many there were in all; *last is the last
 * step at which another choice is left, and *other that choice. */
static unsigned play(const struct model *model, unsigned fixed, unsigned *last, unsigned *other)
{
    unsigned step = 0;
    begin(model);
    *last = MOST_STEPS;
    while (!all_have_ended(model) && !failure) {
        if (step == MOST_STEPS) {
            model_fail("it does not end");
            break;
        }
        const struct choice *before = step ? &schedule[step - 1] : NULL;
        unsigned actor = step < fixed ? schedule[step].actor : next_choice(model, 0, before);
        if (actor == model->actor_count) {
            failure = model->stuck ? model->stuck() : "all wait";
            return step;
        }
        unsigned next = next_choice(model, actor + 1, before);
        if (next < model->actor_count) {
            *last = step;
            *other = next;
        }
        go_on(model, step++, actor);
    }
    if (!failure && model->wrong)
        failure = model->wrong();
    return step;
}

static void print_schedule(const struct model *model, unsigned steps)
{
    printf("%s: %s, after:", model->name, failure);
    for (unsigned i = 0; i < steps; i++)
        printf(" %u", schedule[i].actor);
    printf("\n");
}

bool model_holds(const struct model *model)
{
    unsigned long schedules = 0;
    unsigned fixed = 0, last, other;
    do {
        unsigned steps = play(model, fixed, &last, &other);
        schedules++;
        if (failure && !model->broken)
            print_schedule(model, steps);
        if (failure) {
            printf("%s: schedule %lu goes wrong%s\n", model->name, schedules, model->broken ? ", as it must" : "");
            return model->broken;
        }
        if (last < MOST_STEPS) {
            schedule[last].actor = (uint8_t)other;
            fixed = last + 1;
        }
    } while (last < MOST_STEPS);
    printf("%s: %lu schedules, each ends well\n", model->name, schedules);
    return !model->broken;
}
