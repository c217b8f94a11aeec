/* Two mutexes of each kind, taken in both orders. */
#include "actors.h"

static pthread_mutex_t recursive[2], errorcheck[2], adaptive[2], robust[2], inherits[2];

static void make(pthread_mutex_t mutexes[2], const pthread_mutexattr_t *attributes)
{
    pthread_mutex_init(&mutexes[0], attributes);
    pthread_mutex_init(&mutexes[1], attributes);
}

static void make_all(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE_NP);
    make(recursive, &attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK_NP);
    make(errorcheck, &attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
    make(adaptive, &attributes);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    make(robust, &attributes);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    make(inherits, &attributes);
}

static void forward(void)
{
    pthread_mutex_lock(&recursive[0]); /* EXPECT cycle recursive: forward holds recursive[0] */
    pthread_mutex_lock(&recursive[1]); /* EXPECT cycle recursive: forward wants recursive[1] */
    pthread_mutex_unlock(&recursive[1]);
    pthread_mutex_unlock(&recursive[0]);
    pthread_mutex_lock(&errorcheck[0]); /* EXPECT cycle errorcheck: forward holds errorcheck[0] */
    pthread_mutex_lock(&errorcheck[1]); /* EXPECT cycle errorcheck: forward wants errorcheck[1] */
    pthread_mutex_unlock(&errorcheck[1]);
    pthread_mutex_unlock(&errorcheck[0]);
    pthread_mutex_lock(&adaptive[0]); /* EXPECT cycle adaptive: forward holds adaptive[0] */
    pthread_mutex_lock(&adaptive[1]); /* EXPECT cycle adaptive: forward wants adaptive[1] */
    pthread_mutex_unlock(&adaptive[1]);
    pthread_mutex_unlock(&adaptive[0]);
    pthread_mutex_lock(&robust[0]); /* EXPECT cycle robust: forward holds robust[0] */
    pthread_mutex_lock(&robust[1]); /* EXPECT cycle robust: forward wants robust[1] */
    pthread_mutex_unlock(&robust[1]);
    pthread_mutex_unlock(&robust[0]);
    pthread_mutex_lock(&inherits[0]); /* EXPECT cycle inherits: forward holds inherits[0] */
    pthread_mutex_lock(&inherits[1]); /* EXPECT cycle inherits: forward wants inherits[1] */
    pthread_mutex_unlock(&inherits[1]);
    pthread_mutex_unlock(&inherits[0]);
    end_turn();
}

static void backward(void)
{
    wait_for_turn(1);
    pthread_mutex_lock(&recursive[1]); /* EXPECT cycle recursive: backward holds recursive[1] */
    pthread_mutex_lock(&recursive[0]); /* EXPECT cycle recursive: backward wants recursive[0] */
    pthread_mutex_unlock(&recursive[0]);
    pthread_mutex_unlock(&recursive[1]);
    pthread_mutex_lock(&errorcheck[1]); /* EXPECT cycle errorcheck: backward holds errorcheck[1] */
    pthread_mutex_lock(&errorcheck[0]); /* EXPECT cycle errorcheck: backward wants errorcheck[0] */
    pthread_mutex_unlock(&errorcheck[0]);
    pthread_mutex_unlock(&errorcheck[1]);
    pthread_mutex_lock(&adaptive[1]); /* EXPECT cycle adaptive: backward holds adaptive[1] */
    pthread_mutex_lock(&adaptive[0]); /* EXPECT cycle adaptive: backward wants adaptive[0] */
    pthread_mutex_unlock(&adaptive[0]);
    pthread_mutex_unlock(&adaptive[1]);
    pthread_mutex_lock(&robust[1]); /* EXPECT cycle robust: backward holds robust[1] */
    pthread_mutex_lock(&robust[0]); /* EXPECT cycle robust: backward wants robust[0] */
    pthread_mutex_unlock(&robust[0]);
    pthread_mutex_unlock(&robust[1]);
    pthread_mutex_lock(&inherits[1]); /* EXPECT cycle inherits: backward holds inherits[1] */
    pthread_mutex_lock(&inherits[0]); /* EXPECT cycle inherits: backward wants inherits[0] */
    pthread_mutex_unlock(&inherits[0]);
    pthread_mutex_unlock(&inherits[1]);
}

int main(void)
{
    make_all();
    PLAY_TOGETHER(forward, backward);
    return 0;
}
