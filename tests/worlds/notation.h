/* Small worlds written down as what threads do:
 *
 *     lock R recursive         a lock's kind: recursive, errorcheck, adaptive, rwlock, writersfirst, spin, semaphore, once, guard,
 *                              loader, file, annotated; without such a line, a plain mutex. At a lock that is writersfirst,
 *                              readers wait for writers that wait
 *     lock R class f           it was initialised in function f
 *     lock S signal            somebody else than its waiter posts this semaphore: it is no lock
 *     main: create(T1) create(T2)
 *     T1: A B                  locks A, then B while holding A; what is held at the end of a line is unlocked there
 *     T2: B A -A -B C          unlocks A and B, then locks C while holding nothing
 *     T2: B A?                 waits for A with a time-out
 *     T2: B ~A                 a try-lock that succeeds: waits for nothing
 *     fallback f               what is tried in function f is waited for when the try fails
 *     T2: B% A%                in shared mode
 *     T2: B@f A?@g*9           in functions f and g; nine times. Without a function's name, the lock's name is taken
 *     main: join(T1)
 *     barrier T1 T2            they wait for each other
 *     deadlock T1 A@f +T2 T2 - A@g
 *                              the event: T1 holds A and waits for the end of T2, which holds nothing and waits for A
 *
 * Lines are done in their order, which matters for segments: a thread that nobody creates may run at any time. Names are words
 * of letters and digits. The world is settled. */
#ifndef LOCKORDER_TESTS_NOTATION_H
#define LOCKORDER_TESTS_NOTATION_H

#include "small_world.h"

/* Ends the test program with a message where the text is not in the notation. Freed with small_world_free. */
struct small_world *notation_read(const char *text);

#endif
