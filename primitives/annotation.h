/* The one place that knows of the recorder: tells it the names of locks, when it is there. */
#ifndef LOCKORDER_PRIMITIVES_ANNOTATION_H
#define LOCKORDER_PRIMITIVES_ANNOTATION_H

/* `role` says which of an object's locks it is: the inner lock of the queue "jobs" is "jobs.queue". NULL: the name alone. Nothing is
 * done without a name. */
void annotate_lock(const void *lock, const char *name, const char *role);

#endif
