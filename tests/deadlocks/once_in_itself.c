/* An initialiser that needs itself. */
#include "../verdicts/actors.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialize(void)
{
    pthread_once(&once, initialize); /* EXPECT deadlock: initializer wants once */
}

static void initializer(void)
{
    pthread_once(&once, initialize); /* EXPECT deadlock: initializer holds once */
}

int main(void)
{
    join(START(initializer));
    return 0;
}
