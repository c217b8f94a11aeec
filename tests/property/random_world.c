#include "random_world.h"

#include <stdbool.h>

#include "allocate.h"

enum { MOST_THREADS = 5, MOST_LOCKS = 7 };

/* How likely things are, in percent; drawn once for each world, so that worlds differ in kind. */
struct taste {
    uint32_t threads, locks, lines;
    uint32_t unlocks, tries, timed, shared, creates, joins, barriers, repeats;
    uint32_t classes;   /* of initialised locks; 0: none is known to be initialised */
    uint32_t functions; /* 0: those of the locks; else so many for all acquisitions */
};

struct random {
    uint64_t state;
    FILE *stream;
    struct taste taste;
    bool begun[MOST_THREADS];
};

/* SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
static uint32_t below(struct random *random, uint32_t limit)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return (uint32_t)((z ^ (z >> 31)) % limit);
}

static bool chance(struct random *random, uint32_t percent)
{
    return below(random, 100) < percent;
}

/* Often never, sometimes now and then. */
static uint32_t rarely(struct random *random, uint32_t percent)
{
    return chance(random, 40) ? percent : 0;
}

static struct taste choose_taste(struct random *random)
{
    struct taste taste = {.threads = 2 + below(random, MOST_THREADS - 1),
                          .locks = 2 + below(random, MOST_LOCKS - 1),
                          .lines = 3 + below(random, 10)};
    taste.unlocks = rarely(random, 20);
    taste.tries = rarely(random, 15);
    taste.timed = rarely(random, 30);
    taste.shared = rarely(random, 40);
    taste.creates = rarely(random, 40);
    taste.joins = rarely(random, 30);
    taste.barriers = rarely(random, 20);
    taste.repeats = rarely(random, 15);
    taste.classes = rarely(random, 100) == 0 ? 0 : 1 + below(random, 3);
    taste.functions = rarely(random, 100) == 0 ? 0 : 1 + below(random, 3);
    return taste;
}

static void print_lock(struct random *random, uint32_t lock)
{
    fprintf(random->stream, " %s%c", chance(random, random->taste.tries) ? "~" : "", (char)('A' + lock));
    if (chance(random, random->taste.shared))
        fputc('%', random->stream);
    if (chance(random, random->taste.timed))
        fputc('?', random->stream);
    if (random->taste.functions != 0)
        fprintf(random->stream, "@%c", (char)('f' + below(random, random->taste.functions)));
}

/* Locks, mostly different ones, some unlocked on the way. */
static void print_locks(struct random *random)
{
    bool held[MOST_LOCKS] = {false};
    uint32_t count = 1 + below(random, 4);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t lock = below(random, random->taste.locks);
        if (held[lock] && chance(random, random->taste.unlocks)) {
            fprintf(random->stream, " -%c", (char)('A' + lock));
            held[lock] = false;
        } else if (!held[lock] || chance(random, random->taste.repeats)) {
            print_lock(random, lock);
            held[lock] = true;
        }
    }
}

static void print_line(struct random *random)
{
    uint32_t thread = below(random, random->taste.threads), other = below(random, random->taste.threads);
    if (random->begun[thread] && random->begun[other] && thread != other && chance(random, random->taste.barriers))
        fprintf(random->stream, "barrier T%u T%u\n", (unsigned)thread, (unsigned)other);
    fprintf(random->stream, "T%u:", (unsigned)thread);
    random->begun[thread] = true;
    if (!random->begun[other] && chance(random, random->taste.creates)) {
        fprintf(random->stream, " create(T%u)", (unsigned)other);
        random->begun[other] = true;
    } else if (random->begun[other] && other != thread && chance(random, random->taste.joins)) {
        fprintf(random->stream, " join(T%u)", (unsigned)other);
    }
    print_locks(random);
    fputc('\n', random->stream);
}

char *random_world(uint64_t seed)
{
    char *text = NULL;
    size_t size;
    struct random random = {.state = seed, .stream = allocate_checked(open_memstream(&text, &size))};
    random.taste = choose_taste(&random);
    if (chance(&random, 20))
        fputs(chance(&random, 50) ? "lock A recursive\n" : "lock A errorcheck\n", random.stream);
    for (uint32_t lock = 0; random.taste.classes != 0 && lock < random.taste.locks; lock++)
        fprintf(random.stream, "lock %c class %c\n", (char)('A' + lock), (char)('x' + below(&random, random.taste.classes)));
    for (uint32_t lock = 0; random.taste.shared != 0 && lock < random.taste.locks; lock++) {
        if (chance(&random, 70))
            fprintf(random.stream, "lock %c %s\n", (char)('A' + lock), chance(&random, 70) ? "writersfirst" : "rwlock");
    }
    for (uint32_t i = 0; i < random.taste.lines; i++)
        print_line(&random);
    fclose(random.stream);
    return text;
}
