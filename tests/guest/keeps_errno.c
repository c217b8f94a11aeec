/* Lock calls that succeed leave errno alone, also where they are new to the recorder. */
/* EXPECT nothing: one order */
#include "guest.h"

int main(void)
{
    pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
    for (int i = 0; i < 3; i++) {
        pthread_mutex_t *third = malloc(sizeof *third);
        errno = 4711;
        require(pthread_mutex_init(third, NULL) == 0 && errno == 4711, "errno after init");
        require(pthread_mutex_lock(&first) == 0 && errno == 4711, "errno after lock");
        require(pthread_mutex_trylock(&second) == 0 && errno == 4711, "errno after trylock");
        require(pthread_mutex_trylock(&second) == EBUSY && errno == 4711, "errno after a trylock that fails");
        require(pthread_mutex_lock(third) == 0 && errno == 4711, "errno after a nested lock");
        require(pthread_mutex_unlock(&first) == 0 && errno == 4711, "errno after unlock");
        require(pthread_mutex_unlock(third) == 0 && errno == 4711, "errno after unlock");
        require(pthread_mutex_unlock(&second) == 0 && errno == 4711, "errno after unlock");
        require(pthread_mutex_destroy(third) == 0 && errno == 4711, "errno after destroy");
        free(third);
        require(errno == 4711, "errno after free");
    }
    puts("kept");
    return 0;
}
