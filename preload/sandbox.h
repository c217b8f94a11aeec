/* A program may give up system calls (seccomp), and one that it has given up may end it. When it is about to, the recorder takes
 * the space that it will need, and from then on makes only those calls without which no thread can live. When that space is used
 * up, recording ends. The children of fork are not recorded, and there is no report at exit. */
#ifndef LOCKORDER_PRELOAD_SANDBOX_H
#define LOCKORDER_PRELOAD_SANDBOX_H

void sandbox_enter(void);

/* Only reading, writing and ending will be allowed: recording ends here. */
void sandbox_enter_strictest(void);

#endif
