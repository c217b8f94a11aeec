/* Forks twice, closes all descriptors, changes directory, and goes on locking; the numbers of its descriptors are its own. */
/* EXPECT nothing: one order */
#include <fcntl.h>
#include <sys/wait.h>

#include "guest.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;

static int be_daemon(void)
{
    for (int descriptor = 0; descriptor < 1024; descriptor++)
        close(descriptor);
    if (chdir("/") != 0 || open("/dev/null", O_RDWR) != 0 || open("/dev/null", O_RDWR) != 1)
        return 1;
    pthread_mutex_t many[100];
    for (int i = 0; i < 100; i++) {
        pthread_mutex_init(&many[i], NULL);
        lock_both(&outer, &many[i]);
    }
    lock_both(&outer, &inner);
    return open("/dev/null", O_RDONLY) == 2 ? 5 : 2;
}

int main(void)
{
    int status = 0;
    lock_both(&outer, &inner);
    pid_t child = fork();
    if (child == 0) {
        setsid();
        pid_t grandchild = fork();
        if (grandchild == 0)
            _exit(be_daemon());
        waitpid(grandchild, &status, 0);
        _exit(WEXITSTATUS(status));
    }
    waitpid(child, &status, 0);
    printf("the daemon says %d\n", WEXITSTATUS(status));
    return 0;
}
