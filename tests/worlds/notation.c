#include "notation.h"

#include <ctype.h>

#include "allocate.h"

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
    uint32_t flags = take(notation, "?") ? TRACE_DEPENDENCY_TIMED : 0;
    if (take(notation, "@"))
        function = read_name(notation);
    wanted.context = small_world_context(notation->small, function.text);
    uint64_t count = take(notation, "*") ? strtoull(notation->text, (char **)&notation->text, 10) : 1;
    if (!tries && actor->held_count != 0)
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

static void read_kind(struct notation *notation)
{
    struct lock_id lock = small_world_lock(notation->small, read_name(notation).text);
    enum trace_lock_kind kind;
    if (take(notation, " class ")) {
        struct context_id context = small_world_context(notation->small, read_name(notation).text);
        notation->small->world->locks[lock.index].initialized_at = context;
        return;
    }
    if (take(notation, " recursive"))
        kind = TRACE_LOCK_MUTEX_RECURSIVE;
    else if (take(notation, " errorcheck"))
        kind = TRACE_LOCK_MUTEX_ERRORCHECK;
    else if (take(notation, " adaptive"))
        kind = TRACE_LOCK_MUTEX_ADAPTIVE;
    else if (take(notation, " rwlock") || take(notation, " prefers-writer"))
        kind = TRACE_LOCK_RWLOCK;
    else
        refuse(notation, "a kind of lock");
    notation->small->world->locks[lock.index].kind = kind;
    if (kind == TRACE_LOCK_RWLOCK && notation->text[-1] == 'r')
        notation->small->world->locks[lock.index].flags |= TRACE_LOCK_PREFERS_WRITER;
}

struct small_world *notation_read(const char *text)
{
    struct notation notation = {small_world_new(), text};
    for (skip_blanks(&notation); *notation.text != '\0'; skip_blanks(&notation)) {
        if (take(&notation, "\n"))
            continue;
        if (take(&notation, "lock "))
            read_kind(&notation);
        else
            read_thread(&notation);
    }
    return notation.small;
}
