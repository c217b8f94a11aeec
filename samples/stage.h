/* A stage for samples: actors are threads that appear one after the other by default, so that nothing can go wrong. With --hang
 * on the command line they appear at once, and meet where each of them holds what another one needs: then the program hangs,
 * every time. Neither changes which locks are taken, or in which order; that is what the samples are about. */
#ifndef LOCKORDER_SAMPLES_STAGE_H
#define LOCKORDER_SAMPLES_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct actor {
    const char *name; /* of the thread: at most 15 bytes */
    void (*act)(void);
};

/* Understands the command line: nothing, or --hang. Ends the program with status 2 for anything else. */
void stage_open(int argc, char **argv);

bool stage_hangs(void);

/* Has them act, each in a thread of its own, and returns when all have ended. All threads are there from the beginning: nothing
 * but their turns, of which lockorder knows nothing, keeps them from acting at the same time. */
void stage_play(const struct actor *actors, size_t count);

/* With --hang: returns when every actor is here. Else at once. */
void stage_meet(void);

#ifdef __cplusplus
}
#endif

#endif
