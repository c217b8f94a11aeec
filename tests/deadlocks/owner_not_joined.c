/* A thread ends without unlocking what another one wants; nobody has joined it when that one comes. */
/* EXPECT deadlock: title locker */
/* EXPECT misuse: title leaver */
#include "../verdicts/actors.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int leaver_id;

static void leaver(void)
{
    pthread_mutex_lock(&mutex);
    leaver_id = (int)syscall(SYS_gettid);
    end_turn();
}

/* Comes once the kernel has no such thread any more. */
static void locker(void)
{
    wait_for_turn(1);
    while (syscall(SYS_tgkill, getpid(), leaver_id, 0) == 0)
        sched_yield();
    pthread_mutex_lock(&mutex);
}

int main(void)
{
    START(leaver);
    join(START(locker));
    return 0;
}
