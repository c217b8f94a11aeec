#include "event_words.h"

#include <inttypes.h>

#include "allocate.h"

static const struct event_words table[] = {
    {TRACE_EVENT_UNLOCK_NOT_HELD, FINDING_MISUSE, CERTAINTY_HAPPENED, "unlock not held", "%T unlocks %W, which nobody holds",
     "%T unlocks %W", "%O used %W", NULL},
    {TRACE_EVENT_UNLOCK_NOT_OWNER, FINDING_MISUSE, CERTAINTY_HAPPENED, "unlock not owner", "%T unlocks %W, which %O holds",
     "%T unlocks %W", "%O locked %W",
     "unlock %W in the thread that locked it; to wake another thread, use a condition or a semaphore"},
    {TRACE_EVENT_DESTROY_HELD, FINDING_MISUSE, CERTAINTY_HAPPENED, "destroy held",
     "%T destroys %W, which %O still holds or waits for", "%T destroys %W", "%O took or wants %W", NULL},
    {TRACE_EVENT_EXIT_HOLDING, FINDING_MISUSE, CERTAINTY_HAPPENED, "exit holding",
     "%T ended while it held %W: whoever wants it next waits for ever", "%T ended", "%T locked %W", NULL},
    {TRACE_EVENT_INIT_HELD, FINDING_MISUSE, CERTAINTY_HAPPENED, "init held", "%T initialises %W, which %O holds",
     "%T initialises %W", "%O locked %W", NULL},
    {TRACE_EVENT_USE_DESTROYED, FINDING_MISUSE, CERTAINTY_HAPPENED, "use after destroy", "%T uses %W after it was destroyed",
     "%T uses %W", "%O destroyed %W", NULL},
    {TRACE_EVENT_WAIT_WITHOUT_MUTEX, FINDING_MISUSE, CERTAINTY_HAPPENED, "wait without mutex",
     "%T waits at a condition with %W, which it does not hold", "%T waits with %W", "%O locked %W", "lock %W before the wait"},
    {TRACE_EVENT_WAIT_WITH_TWO_MUTEXES, FINDING_MISUSE, CERTAINTY_HAPPENED, "wait with two mutexes",
     "threads wait at one condition with two mutexes: %T with %W, %O with %H", "%T waits with %W", "%O waits with %H",
     "use one mutex for all waits at the condition"},
    {TRACE_EVENT_AGAINST_DECLARED_ORDER, FINDING_MISUSE, CERTAINTY_HAPPENED, "declared order",
     "%T takes %W while it holds %H, against the declared order", "%T takes %W", "%T locked %H",
     "take %W before %H, as declared"},
    {TRACE_EVENT_CONDITION_HOLDING, FINDING_HAZARD, CERTAINTY_PREDICTED, "condition wait holding",
     "%T waits at a condition while it holds %H: if whoever signals takes that first, both wait for ever", "%T waits",
     "%T locked %H", "unlock %H before the wait, or signal without it"},
    {TRACE_EVENT_JOIN_HOLDING, FINDING_HAZARD, CERTAINTY_PREDICTED, "join holding",
     "%T waits for the end of %O while it holds %H, which %O takes", "%T waits for the end of %O", "%T locked %H",
     "unlock %H before waiting for the thread"},
    {TRACE_EVENT_SIGNAL_HANDLER, FINDING_HAZARD, CERTAINTY_PREDICTED, "signal handler",
     "the handler of %S takes %W, which is also held while %S may arrive: then the handler waits for the thread that it "
     "interrupted",
     "%T takes %W in the handler of %S", "%O takes %W while %S may arrive",
     "block %S while %W is held, or take no lock in the handler"},
    {TRACE_EVENT_FORK_WHILE_HELD, FINDING_HAZARD, CERTAINTY_PREDICTED, "fork while held",
     "the child of a fork takes %W, which other threads of its parent take: held at the fork, it stays locked in the child",
     "%T takes %W in the child", "another thread of the parent locked %W",
     "take %W around the fork (pthread_atfork), or call exec or _exit in the child at once"},
    {TRACE_EVENT_BARRIER_HOLDING, FINDING_HAZARD, CERTAINTY_PREDICTED, "barrier holding",
     "%T waits at a barrier while it holds %H, which %O takes, for whom the barrier waits", "%T waits at the barrier",
     "%T locked %H", "unlock %H before the barrier"},
    {TRACE_EVENT_LIVELOCK, FINDING_HAZARD, CERTAINTY_HAPPENED, "livelock",
     "%T holds %H and tries %W, %O the other way round: both give way again and again, and neither gets on",
     "%T holds %H and tries %W", "%O holds %W and tries %H",
     "wait for a random time before trying again, longer each time; or take the two locks in one order, and wait"},
};

const struct event_words *event_words_of(enum trace_event_kind kind)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].kind == kind)
            return &table[i];
    }
    return NULL;
}

static char *signal_text(uint32_t signal)
{
    const char *name = signal <= INT32_MAX ? sigabbrev_np((int)signal) : NULL;
    return name != NULL ? allocate_text("SIG%s", name) : allocate_text("signal %" PRIu32, signal);
}

static const char *name_of(char letter, const struct event_names *names, const char *signal)
{
    switch (letter) {
    case 'T':
        return names->thread;
    case 'O':
        return names->other;
    case 'W':
        return names->wants;
    case 'H':
        return names->holds;
    default:
        return signal;
    }
}

char *event_sentence(const char *sentence, const struct event_names *names)
{
    char *signal = signal_text(names->signal), *text = NULL;
    size_t size;
    FILE *stream = allocate_checked(open_memstream(&text, &size));
    for (; *sentence != '\0'; sentence++) {
        if (*sentence == '%')
            fputs(name_of(*++sentence, names, signal), stream);
        else
            fputc(*sentence, stream);
    }
    fclose(stream);
    free(signal);
    return allocate_checked(text);
}
