#include "notation.h"

#include <ctype.h>

#include "allocate.h"
#include "trace/settle.h"

struct notation {
    struct small_world *small;
    const char *text; /* what is not read yet */
};

_Noreturn static void refuse(const struct notation *notation, const char *expected)
{
    fprintf(stderr, "notation: expected %s at \"%.40s\"\n", expected, notation->text);
    exit(99);
}

static bool take(struct notation *notation, const char *word)
{
    bool found = strncmp(notation->text, word, strlen(word)) == 0;
    notation->text += found ? strlen(word) : 0;
    return found;
}

static void expect(struct notation *notation, const char *word)
{
    if (!take(notation, word))
        refuse(notation, word);
}

static void skip_blanks(struct notation *notation)
{
    notation->text += strspn(notation->text, " ");
}

struct name {
    char text[LOCKORDER_TRACE_NAME_SIZE];
};

static struct name read_name(struct notation *notation)
{
    struct name name = {""};
    size_t length = 0;
    while (isalnum((unsigned char)notation->text[length]) && length + 1 < sizeof name.text)
        length++;
    if (length == 0 || isalnum((unsigned char)notation->text[length]))
        refuse(notation, "a name of up to 15 letters and digits");
    memcpy(name.text, notation->text, length);
    notation->text += length;
    return name;
}

static void read_lock(struct notation *notation, struct thread_id thread)
{
    struct actor *actor = &notation->small->actors[thread.index];
    bool tries = take(notation, "~");
    struct name lock = read_name(notation), function = lock;
    struct held_lock wanted = {.lock = small_world_lock(notation->small, lock.text), .mode = TRACE_MODE_EXCLUSIVE};
    if (take(notation, "%"))
        wanted.mode = TRACE_MODE_SHARED;
    uint32_t flags = (take(notation, "?") ? TRACE_DEPENDENCY_TIMED : 0) | (tries ? TRACE_DEPENDENCY_TRY : 0);
    if (take(notation, "@"))
        function = read_name(notation);
    wanted.context = small_world_context(notation->small, function.text);
    uint64_t count = take(notation, "*") ? strtoull(notation->text, (char **)&notation->text, 10) : 1;
    if (actor->held_count != 0)
        small_world_wait(notation->small, thread, wanted, flags, count);
    actor->held = allocate_grown(actor->held, actor->held_count, sizeof *actor->held);
    actor->held[actor->held_count++] = wanted;
}

static void read_unlock(struct notation *notation, struct thread_id thread)
{
    struct actor *actor = &notation->small->actors[thread.index];
    struct lock_id lock = small_world_lock(notation->small, read_name(notation).text);
    uint32_t place = actor->held_count;
    while (place != 0 && actor->held[place - 1].lock.index != lock.index)
        place--;
    if (place == 0)
        refuse(notation, "a lock that is held before this");
    memmove(&actor->held[place - 1], &actor->held[place], (actor->held_count - place) * sizeof *actor->held);
    actor->held_count--;
}

static void read_create(struct notation *notation, struct thread_id thread)
{
    struct thread_id created = small_world_thread(notation->small, read_name(notation).text);
    struct segment_id before = notation->small->actors[thread.index].segment;
    if (notation->small->actors[created.index].segment.index != 0)
        refuse(notation, "a thread that has not begun before this");
    small_world_begin_segment(notation->small, created, (struct segment){.other = before, .start = TRACE_SEGMENT_THREAD});
    small_world_begin_segment(notation->small, thread, (struct segment){.previous = before, .start = TRACE_SEGMENT_CREATE});
    expect(notation, ")");
}

static void read_join(struct notation *notation, struct thread_id thread)
{
    struct thread_id joined = small_world_thread(notation->small, read_name(notation).text);
    const struct actor *actors = notation->small->actors;
    struct segment segment = {
        .previous = actors[thread.index].segment, .other = actors[joined.index].segment, .start = TRACE_SEGMENT_JOIN};
    small_world_begin_segment(notation->small, thread, segment);
    expect(notation, ")");
}

static void read_action(struct notation *notation, struct thread_id thread)
{
    if (take(notation, "create("))
        read_create(notation, thread);
    else if (take(notation, "join("))
        read_join(notation, thread);
    else if (take(notation, "-"))
        read_unlock(notation, thread);
    else
        read_lock(notation, thread);
}

static void read_thread(struct notation *notation)
{
    struct thread_id thread = small_world_thread(notation->small, read_name(notation).text);
    if (notation->small->actors[thread.index].segment.index == 0)
        small_world_begin_segment(notation->small, thread, (struct segment){.start = TRACE_SEGMENT_THREAD});
    expect(notation, ":");
    for (skip_blanks(notation); *notation->text != '\n' && *notation->text != '\0'; skip_blanks(notation))
        read_action(notation, thread);
    notation->small->actors[thread.index].held_count = 0;
}

static const struct {
    const char *word;
    enum trace_lock_kind kind;
    uint32_t flags;
} kinds[] = {
    {" recursive", TRACE_LOCK_MUTEX_RECURSIVE, 0},
    {" errorcheck", TRACE_LOCK_MUTEX_ERRORCHECK, 0},
    {" adaptive", TRACE_LOCK_MUTEX_ADAPTIVE, 0},
    {" rwlock", TRACE_LOCK_RWLOCK, 0},
    {" writersfirst", TRACE_LOCK_RWLOCK, TRACE_LOCK_PREFERS_WRITER},
    {" spin", TRACE_LOCK_SPIN, 0},
    {" semaphore", TRACE_LOCK_SEMAPHORE, 0},
    {" once", TRACE_LOCK_ONCE, 0},
    {" guard", TRACE_LOCK_GUARD, 0},
    {" loader", TRACE_LOCK_LOADER, 0},
    {" file", TRACE_LOCK_FILE, 0},
    {" annotated", TRACE_LOCK_ANNOTATED, 0},
};

static void read_kind(struct notation *notation)
{
    struct lock_id id = small_world_lock(notation->small, read_name(notation).text);
    struct lock *lock = &notation->small->world->locks[id.index];
    if (take(notation, " signal")) {
        lock->is_signal = true;
        return;
    }
    if (take(notation, " class ")) {
        lock->initialized_at = small_world_context(notation->small, read_name(notation).text);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (take(notation, kinds[i].word)) {
            lock->kind = kinds[i].kind;
            lock->flags = kinds[i].flags;
            return;
        }
    }
    refuse(notation, "a kind of lock");
}

static void read_fallback(struct notation *notation)
{
    struct context_id context = small_world_context(notation->small, read_name(notation).text);
    *world_add_try_fallback(notation->small->world) = (struct try_fallback){.tried_at = context, .waits_at = context};
}

/* "A", "A@f", or "-" for none. */
static struct held_lock read_side(struct notation *notation)
{
    struct held_lock side = {.mode = TRACE_MODE_EXCLUSIVE};
    skip_blanks(notation);
    if (take(notation, "-"))
        return (struct held_lock){.mode = 0};
    struct name lock = read_name(notation), function = lock;
    if (take(notation, "@"))
        function = read_name(notation);
    side.lock = small_world_lock(notation->small, lock.text);
    side.context = small_world_context(notation->small, function.text);
    return side;
}

static struct event_step read_event_step(struct notation *notation)
{
    struct event_step step = {.thread = small_world_thread(notation->small, read_name(notation).text)};
    step.holds = read_side(notation);
    skip_blanks(notation);
    if (take(notation, "+")) {
        struct name joined = read_name(notation);
        step.other_thread = small_world_thread(notation->small, joined.text);
        step.wants.context = small_world_context(notation->small, joined.text);
    } else {
        step.wants = read_side(notation);
    }
    return step;
}

static void read_deadlock(struct notation *notation)
{
    struct event event = {.kind = TRACE_EVENT_DEADLOCK};
    for (skip_blanks(notation); *notation->text != '\n'; skip_blanks(notation)) {
        event.steps = allocate_grown(event.steps, event.step_count, sizeof *event.steps);
        event.steps[event.step_count++] = read_event_step(notation);
    }
    *world_add_event(notation->small->world) = event;
}

enum { MOST_AT_A_BARRIER = 8 };

/* Each arrival is a segment of no thread, and the last of them comes before all that go on. */
static void read_barrier(struct notation *notation)
{
    struct thread_id threads[MOST_AT_A_BARRIER];
    struct segment_id meeting = {0};
    size_t count = 0;
    while (take(notation, " ") && count < MOST_AT_A_BARRIER)
        threads[count++] = small_world_thread(notation->small, read_name(notation).text);
    for (size_t i = 0; i < count; i++) {
        struct segment_id arrival = world_add_segment(notation->small->world);
        notation->small->world->segments[arrival.index] = (struct segment){
            .previous = meeting, .other = notation->small->actors[threads[i].index].segment, .start = TRACE_SEGMENT_MEETING};
        meeting = arrival;
    }
    for (size_t i = 0; i < count; i++) {
        struct segment_id before = notation->small->actors[threads[i].index].segment;
        small_world_begin_segment(notation->small, threads[i],
                                  (struct segment){.previous = before, .other = meeting, .start = TRACE_SEGMENT_BARRIER});
    }
}

struct small_world *notation_read(const char *text)
{
    struct notation notation = {small_world_new(), text};
    for (skip_blanks(&notation); *notation.text != '\0'; skip_blanks(&notation)) {
        if (take(&notation, "\n"))
            continue;
        if (take(&notation, "lock "))
            read_kind(&notation);
        else if (take(&notation, "fallback "))
            read_fallback(&notation);
        else if (take(&notation, "barrier"))
            read_barrier(&notation);
        else if (take(&notation, "deadlock"))
            read_deadlock(&notation);
        else
            read_thread(&notation);
    }
    trace_settle(notation.small->world);
    return notation.small;
}
