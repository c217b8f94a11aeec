/* Random small worlds, in the notation, so that what fails can be read. */
#ifndef LOCKORDER_TESTS_RANDOM_WORLD_H
#define LOCKORDER_TESTS_RANDOM_WORLD_H

#include <stdint.h>

/* The same for the same seed on every machine. Up to 5 threads and 5 locks. The caller frees it. */
char *random_world(uint64_t seed);

#endif
