/* What these samples share: many threads that do the same, and an end with status 1 for a program that did not do what it shows.
 */
#ifndef LOCKORDER_SAMPLES_CREW_H
#define LOCKORDER_SAMPLES_CREW_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static inline void expect(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "expected: %s\n", what);
    exit(1);
}

enum { LARGEST_CREW = 1000 };

struct crew {
    pthread_t threads[LARGEST_CREW];
    unsigned count;
};

static inline void crew_start(struct crew *crew, unsigned count, void *(*work)(void *argument), void *argument)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 128 * 1024); /* a thousand of them need not much each */
    expect(count <= LARGEST_CREW, "a crew that fits");
    for (crew->count = 0; crew->count < count; crew->count++)
        expect(pthread_create(&crew->threads[crew->count], &attributes, work, argument) == 0, "one thread more");
    pthread_attr_destroy(&attributes);
}

static inline void crew_join(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++)
        pthread_join(crew->threads[i], NULL);
}

#endif
