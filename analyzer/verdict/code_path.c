#include "code_path.h"

#include "allocate.h"
#include <uthash.h>

/* A place by what identifies it. */
struct place_key {
    uint64_t function; /* 0: unknown */
    uint64_t position; /* line, or address in the module */
    uint32_t process, module;
};

struct place {
    struct place_key key;
    uint32_t number; /* 1, 2, ... */
    UT_hash_handle hh;
};

struct known_path {
    uint32_t *places;
    uint32_t count;
    bool is_known;
};

/* Pairs of contexts that were compared most recently: the same two stacks come with many locks. */
enum { RECENT_COMPARISONS_BITS = 19 };

struct code_paths {
    const struct world *world;
    const struct fingerprint_names *names;
    struct known_path *paths; /* by context */
    struct place *table;
    struct place **places; /* by number */
    uint32_t place_count;
    struct context_id last;                             /* whose path was made last */
    uint32_t outermost[LOCKORDER_TRACE_MAX_FRAMES + 1]; /* how many places its outermost so many frames are */
    bool *is_wrapper;                                   /* by number; made by code_paths_learn_wrappers */
    uint32_t wrapper_count;
};

struct code_paths *code_paths_new(const struct world *world, const struct fingerprint_names *names)
{
    struct code_paths *paths = allocate_zeroed(1, sizeof *paths);
    paths->world = world;
    paths->names = names;
    paths->paths = allocate_zeroed(world->context_count, sizeof *paths->paths);
    paths->places = allocate_grown(NULL, 0, sizeof(struct place *));
    paths->places[paths->place_count++] = NULL;
    return paths;
}

void code_paths_free(struct code_paths *paths)
{
    if (paths == NULL)
        return;
    for (uint32_t i = 0; i < paths->world->context_count; i++)
        free(paths->paths[i].places);
    HASH_CLEAR(hh, paths->table);
    for (uint32_t i = 0; i < paths->place_count; i++)
        free(paths->places[i]);
    free(paths->paths);
    free(paths->places);
    free(paths->is_wrapper);
    free(paths);
}

/* --- Places --- */

static uint32_t number_of(struct code_paths *paths, struct place_key key)
{
    struct place *place;
    HASH_FIND(hh, paths->table, &key, sizeof key, place);
    if (place != NULL)
        return place->number;
    place = allocate_zeroed(1, sizeof *place);
    place->key = key;
    place->number = paths->place_count;
    paths->places = allocate_grown(paths->places, paths->place_count, sizeof(struct place *));
    paths->places[paths->place_count++] = place;
    HASH_ADD(hh, paths->table, key, sizeof place->key, place);
    return place->number;
}

static uint32_t process_of(const struct code_paths *paths, struct frame frame)
{
    return paths->world->modules[frame.module.index].process.index;
}

static void add_place(struct code_paths *paths, struct known_path *path, struct frame frame, const struct code_place *named)
{
    struct place_key key;
    memset(&key, 0, sizeof key); /* padding is hashed, too */
    key.function = named->function == NULL ? 0 : fingerprint_text_hash(named->function);
    bool has_line = named->function != NULL && named->line != 0;
    key.position = has_line ? named->line : frame.address;
    key.module = has_line ? 0 : frame.module.index;
    key.process = process_of(paths, frame);
    path->places = allocate_grown(path->places, path->count, sizeof *path->places);
    path->places[path->count++] = number_of(paths, key);
}

static void add_frame(struct code_paths *paths, struct known_path *path, struct frame frame)
{
    const struct fingerprint_names *names = paths->names;
    struct code_place named = {NULL, 0};
    uint32_t depth = 0;
    while (names->place != NULL && names->place(names->closure, frame, depth, &named)) {
        add_place(paths, path, frame, &named);
        depth++;
    }
    if (depth != 0)
        return;
    if (names->function != NULL)
        named.function = names->function(names->closure, frame);
    add_place(paths, path, frame, &named);
}

/* How many of its outermost frames the context shares with the one whose path was made last. */
static uint32_t count_shared(const struct code_paths *paths, const struct context *context)
{
    const struct context *last = &paths->world->contexts[paths->last.index];
    uint32_t shared = 0;
    while (shared < context->frame_count && shared < last->frame_count) {
        struct frame frame = context->frames[context->frame_count - 1 - shared];
        struct frame other = last->frames[last->frame_count - 1 - shared];
        if (frame.module.index != other.module.index || frame.address != other.address)
            break;
        shared++;
    }
    return shared;
}

static void copy_outermost(struct known_path *path, const struct known_path *from, uint32_t count)
{
    for (uint32_t i = from->count - count; i < from->count; i++) {
        path->places = allocate_grown(path->places, path->count, sizeof *path->places);
        path->places[path->count++] = from->places[i];
    }
}

/* Stacks that are met one after the other differ in their inner frames only, most often: just those are looked up. */
static void make_path(struct code_paths *paths, struct context_id id)
{
    const struct context *context = &paths->world->contexts[id.index];
    struct known_path *path = &paths->paths[id.index];
    uint32_t *outermost = paths->outermost, shared = count_shared(paths, context);
    for (uint32_t i = 0; i < context->frame_count - shared; i++) {
        outermost[context->frame_count - i] = path->count;
        add_frame(paths, path, context->frames[i]);
    }
    copy_outermost(path, &paths->paths[paths->last.index], outermost[shared]);
    for (uint32_t i = shared + 1; i <= context->frame_count; i++)
        outermost[i] = path->count - outermost[i];
    path->is_known = true;
    paths->last = id;
}

struct code_path code_paths_of(struct code_paths *paths, struct context_id id)
{
    const struct known_path *path = &paths->paths[id.index];
    if (!path->is_known)
        make_path(paths, id);
    return (struct code_path){path->places, path->count};
}

bool code_paths_stop_early(const struct code_paths *paths, struct context_id id)
{
    const struct context *context = &paths->world->contexts[id.index];
    return (context->flags & TRACE_CONTEXT_CUT) != 0 && context->frame_count < LOCKORDER_TRACE_MAX_FRAMES;
}

uint64_t code_paths_function(const struct code_paths *paths, uint32_t place)
{
    return paths->places[place]->key.function;
}

/* --- Wrappers --- */

static bool is_same_function(const struct code_paths *paths, uint32_t left, uint32_t right)
{
    const struct place_key *a = &paths->places[left]->key, *b = &paths->places[right]->key;
    return a->function == b->function && (a->function != 0 || a->module == b->module);
}

/* How many places of the path at which a held lock was taken have returned when the other one is wanted. 0 also where the paths
 * do not tell: they are the same, or of different stacks, as those of a thread and of its coroutine. */
static uint32_t count_returned(const struct code_paths *paths, struct code_path taken, struct code_path now)
{
    uint32_t whole = taken.count;
    while (taken.count != 0 && now.count != 0 && taken.places[taken.count - 1] == now.places[now.count - 1]) {
        taken.count--;
        now.count--;
    }
    if (taken.count == whole || taken.count == 0 || now.count == 0)
        return 0;
    bool still_runs = is_same_function(paths, taken.places[taken.count - 1], now.places[now.count - 1]);
    return still_runs ? taken.count - 1 : taken.count;
}

static void mark_wrapper(struct code_paths *paths, uint32_t place)
{
    while (paths->wrapper_count <= place) {
        paths->is_wrapper = allocate_grown(paths->is_wrapper, paths->wrapper_count, sizeof *paths->is_wrapper);
        paths->is_wrapper[paths->wrapper_count++] = false;
    }
    paths->is_wrapper[place] = true;
}

/* Where the outermost frames are missing, the ends of two stacks are no common point. */
static bool is_comparable(const struct code_paths *paths, struct context_id context)
{
    return context.index != 0 && (paths->world->contexts[context.index].flags & TRACE_CONTEXT_CUT) == 0;
}

static void compare(struct code_paths *paths, struct context_id taken, struct context_id now)
{
    if (taken.index == now.index || !is_comparable(paths, taken) || !is_comparable(paths, now))
        return;
    struct code_path path = code_paths_of(paths, taken);
    uint32_t returned = count_returned(paths, path, code_paths_of(paths, now));
    for (uint32_t i = 0; i < returned; i++)
        mark_wrapper(paths, path.places[i]);
}

/* Where in the table of recent comparisons the pair has its place: Knuth, "The Art of Computer Programming", volume 3, 6.4. */
static uint64_t place_of_comparison(uint64_t both)
{
    return both * 0x9e3779b97f4a7c15ULL >> (64 - RECENT_COMPARISONS_BITS);
}

void code_paths_learn_wrappers(struct code_paths *paths)
{
    uint64_t *recent = allocate_zeroed((size_t)1 << RECENT_COMPARISONS_BITS, sizeof *recent);
    for (uint32_t i = 1; i < paths->world->dependency_count; i++) {
        const struct dependency *dependency = &paths->world->dependencies[i];
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            struct context_id taken = dependency->held[held].context, now = dependency->context;
            uint64_t both = (uint64_t)taken.index << 32 | now.index;
            uint64_t *known = &recent[place_of_comparison(both)];
            if (*known != both)
                compare(paths, taken, now);
            *known = both;
        }
    }
    free(recent);
}

bool code_paths_is_wrapper(const struct code_paths *paths, uint32_t place)
{
    return place < paths->wrapper_count && paths->is_wrapper[place];
}

uint32_t code_paths_site_length(const struct code_paths *paths, struct code_path path)
{
    uint32_t length = 0;
    while (length < path.count && code_paths_is_wrapper(paths, path.places[length]))
        length++;
    return length < path.count ? length + 1 : length;
}
