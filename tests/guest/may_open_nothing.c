/* No descriptor is left, and the lowest free ones are the program's: so it is in its children, too. */
/* EXPECT nothing: one order */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "guest.h"

enum { LOCKS = 1000, CHILDREN = 3 };

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner[LOCKS];

static void *lock_all(void *unused)
{
    for (int i = 0; i < LOCKS; i++)
        lock_both(&outer, &inner[i]);
    require(open("/dev/null", O_RDONLY) == -1 && errno == EMFILE, "no descriptor");
    return unused;
}

int main(void)
{
    struct rlimit limit = {.rlim_cur = 3, .rlim_max = 3};
    pthread_t thread;
    int status;
    require(setrlimit(RLIMIT_NOFILE, &limit) == 0, "a limit");
    lock_all(NULL);
    require(pthread_create(&thread, NULL, lock_all, NULL) == 0, "a thread");
    pthread_join(thread, NULL);
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        if (child == 0) {
            lock_all(NULL);
            _exit(7);
        }
        require(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child that locks");
    }
    puts("locked");
    return 0;
}
