/* Holds more locks at once than the recorder keeps: it counts what it leaves out, and the program goes on. */
/* EXPECT misuse: title unlocks; title which nobody holds */
/* EXPECT limit held */
#include "guest.h"

enum { LOCKS = 10000 };

int main(void)
{
    pthread_mutexattr_t recursive;
    pthread_mutex_t mutex;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &recursive);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < LOCKS; i++)
            require(pthread_mutex_lock(&mutex) == 0, "to lock it again");
        for (int i = 0; i < LOCKS; i++)
            require(pthread_mutex_unlock(&mutex) == 0, "to unlock it as often");
        require(pthread_mutex_unlock(&mutex) == EPERM, "not once more");
    }
    puts("held");
    return 0;
}
