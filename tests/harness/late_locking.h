/* A library of the program's, which stands between the recorder and the C library: there a thread can be held up between the
 * recorder's look at a lock and the locking of it. */
#ifndef LOCKORDER_TESTS_HARNESS_LATE_LOCKING_H
#define LOCKORDER_TESTS_HARNESS_LATE_LOCKING_H

/* Called before this thread's next lock, where the recorder calls for it: once, and not before a try. */
extern __thread void (*late_locking)(void);

#endif
