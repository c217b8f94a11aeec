#include "order_judge.h"

#include "allocate.h"
#include "judge_rules.h"

enum { MOST_LOCKS = 16, MOST_STEPS = 3, MOST_USES = 256, MOST_PAIRS = MOST_LOCKS * MOST_LOCKS };

/* A dependency with one of the locks that it holds. */
struct use {
    const struct dependency *dependency;
    uint32_t held_index;
};

struct pair {
    uint32_t held, wanted;
};

struct judge {
    const struct small_world *small;
    const struct world *world;
    const struct findings *findings;
    struct judge_order order;
    uint32_t class_of[MOST_LOCKS], locks_of_class[MOST_LOCKS];
    bool reaches[MOST_LOCKS][MOST_LOCKS];       /* from lock to lock along pairs */
    bool class_reaches[MOST_LOCKS][MOST_LOCKS]; /* from class to class along pairs of different classes */
    struct use uses[MOST_USES];
    uint32_t use_count;
    struct judge_step chain[MOST_STEPS];
    const char *wrong;
};

static uint32_t held_of(const struct use *use)
{
    return use->dependency->held[use->held_index].lock.index;
}

static uint32_t wanted_of(const struct use *use)
{
    return use->dependency->lock.index;
}

/* --- Classes --- */

static void merge_classes(struct judge *judge, uint32_t left, uint32_t right)
{
    uint32_t from = judge->class_of[right], to = judge->class_of[left];
    for (uint32_t lock = 0; lock < MOST_LOCKS; lock++) {
        if (judge->class_of[lock] == from)
            judge->class_of[lock] = to;
    }
}

/* An acquisition of each lock by what names its class: its initialisation, else the place. */
static void visit_acquisition(struct judge *judge, uint32_t lock, uint32_t context, uint32_t first_at[2][MOST_USES])
{
    uint32_t initialized_at = judge->world->locks[lock].initialized_at.index;
    uint32_t *first = initialized_at != 0 ? &first_at[0][initialized_at] : &first_at[1][context];
    if (*first == 0)
        *first = lock;
    merge_classes(judge, *first, lock);
}

static void find_classes(struct judge *judge)
{
    static uint32_t first_at[2][MOST_USES];
    bool takes_part[MOST_LOCKS] = {false};
    memset(first_at, 0, sizeof first_at);
    for (uint32_t lock = 0; lock < MOST_LOCKS; lock++)
        judge->class_of[lock] = lock;
    for (uint32_t i = 1; i < judge->world->dependency_count; i++) {
        const struct dependency *dependency = &judge->world->dependencies[i];
        if (dependency->held_count == 0)
            continue;
        visit_acquisition(judge, dependency->lock.index, dependency->context.index, first_at);
        takes_part[dependency->lock.index] = true;
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            visit_acquisition(judge, dependency->held[held].lock.index, dependency->held[held].context.index, first_at);
            takes_part[dependency->held[held].lock.index] = true;
        }
    }
    for (uint32_t lock = 0; lock < MOST_LOCKS; lock++)
        judge->locks_of_class[judge->class_of[lock]] += takes_part[lock];
}

/* --- Uses --- */

static bool is_held_before(const struct dependency *dependency, uint32_t held)
{
    for (uint32_t i = 0; i < held; i++) {
        if (dependency->held[i].lock.index == dependency->held[held].lock.index)
            return true;
    }
    return false;
}

static void close(bool reaches[MOST_LOCKS][MOST_LOCKS])
{
    for (uint32_t via = 0; via < MOST_LOCKS; via++) {
        for (uint32_t from = 0; from < MOST_LOCKS; from++) {
            for (uint32_t to = 0; to < MOST_LOCKS; to++)
                reaches[from][to] |= reaches[from][via] && reaches[via][to];
        }
    }
}

static void list_uses(struct judge *judge)
{
    for (uint32_t i = 1; i < judge->world->dependency_count; i++) {
        const struct dependency *dependency = &judge->world->dependencies[i];
        for (uint32_t held = 0; held < dependency->held_count; held++) {
            if (judge_waits_for_itself(dependency) || is_held_before(dependency, held))
                continue;
            if (judge->use_count == MOST_USES)
                abort();
            struct use *use = &judge->uses[judge->use_count++];
            *use = (struct use){dependency, held};
            judge->reaches[held_of(use)][wanted_of(use)] = true;
            if (judge->class_of[held_of(use)] != judge->class_of[wanted_of(use)])
                judge->class_reaches[judge->class_of[held_of(use)]][judge->class_of[wanted_of(use)]] = true;
        }
    }
    close(judge->reaches);
    close(judge->class_reaches);
}

/* --- Rules that the instances follow --- */

static bool is_acyclic(const struct pair *pairs, uint32_t count, uint32_t turned)
{
    bool reaches[MOST_LOCKS][MOST_LOCKS] = {{false}};
    for (uint32_t i = 0; i < count; i++) {
        bool turn = turned >> i & 1;
        reaches[turn ? pairs[i].wanted : pairs[i].held][turn ? pairs[i].held : pairs[i].wanted] = true;
    }
    close(reaches);
    for (uint32_t lock = 0; lock < MOST_LOCKS; lock++) {
        if (reaches[lock][lock])
            return false;
    }
    return true;
}

static bool is_by_address(const struct world *world, const struct pair *pairs, uint32_t count)
{
    uint32_t up = 0;
    for (uint32_t i = 0; i < count; i++)
        up += world->locks[pairs[i].held].address < world->locks[pairs[i].wanted].address;
    return up == 0 || up == count;
}

static bool is_hierarchy(const struct pair *pairs, uint32_t count)
{
    uint32_t shared = 0, wanted_again = 0, holds_again = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool meets = false, is_wanted_before = false, holds_before = false;
        for (uint32_t j = 0; j < count; j++) {
            meets |= j != i && (pairs[j].held == pairs[i].held || pairs[j].held == pairs[i].wanted ||
                                pairs[j].wanted == pairs[i].held || pairs[j].wanted == pairs[i].wanted);
            is_wanted_before |= j < i && pairs[j].wanted == pairs[i].wanted;
            holds_before |= j < i && pairs[j].held == pairs[i].held;
        }
        shared += meets;
        wanted_again += is_wanted_before;
        holds_again += holds_before;
    }
    return shared >= 2 && 2 * shared >= count && (8 * wanted_again <= count || 8 * holds_again <= count);
}

/* How many pairs there are beyond the first of each group that hangs together tells. */
static bool has_parts(const struct pair *pairs, uint32_t count)
{
    bool joined[MOST_LOCKS][MOST_LOCKS] = {{false}};
    uint32_t components = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < count; j++) {
            if (pairs[i].held == pairs[j].wanted)
                return false;
        }
        joined[pairs[i].held][pairs[i].wanted] = joined[pairs[i].wanted][pairs[i].held] = true;
    }
    close(joined);
    for (uint32_t lock = 0; lock < MOST_LOCKS; lock++) {
        bool is_first = joined[lock][lock];
        for (uint32_t before = 0; before < lock; before++)
            is_first &= !joined[before][lock];
        components += is_first;
    }
    return count - components >= 6;
}

static bool is_by_key(const struct pair *pairs, uint32_t count)
{
    uint32_t without_cycle = 0;
    for (uint32_t turned = 0; turned < 1U << count; turned++)
        without_cycle += is_acyclic(pairs, count, turned);
    return 100 * without_cycle <= 40 * (1U << count);
}

/* Unknown: there are too many pairs to try all ways. */
enum answer { NO, YES, UNKNOWN };

static enum answer follows_rule(const struct judge *judge, const struct pair *pairs, uint32_t count, uint32_t address_pairs,
                                uint32_t hierarchy_pairs)
{
    if (count == 0)
        return NO;
    if ((count >= address_pairs && is_by_address(judge->world, pairs, count)))
        return YES;
    if (!is_acyclic(pairs, count, 0))
        return NO;
    if ((count >= hierarchy_pairs && is_hierarchy(pairs, count)) || has_parts(pairs, count))
        return YES;
    return count > 10 ? UNKNOWN : is_by_key(pairs, count) ? YES : NO;
}

static bool holds(const struct dependency *dependency, uint32_t lock)
{
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        if (dependency->held[i].lock.index == lock && dependency->held[i].mode == TRACE_MODE_EXCLUSIVE)
            return true;
    }
    return false;
}

/* The different pairs of locks of those uses that count and do not hold `without`, if that is a lock. */
static uint32_t list_pairs(const struct judge *judge, bool (*counts)(const struct judge *, const struct use *, const void *),
                           const void *closure, uint32_t without, struct pair *pairs)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < judge->use_count; i++) {
        const struct use *use = &judge->uses[i];
        if (!counts(judge, use, closure) || (without != 0 && holds(use->dependency, without)))
            continue;
        bool known = false;
        for (uint32_t j = 0; j < count; j++)
            known |= pairs[j].held == held_of(use) && pairs[j].wanted == wanted_of(use);
        if (!known)
            pairs[count++] = (struct pair){held_of(use), wanted_of(use)};
    }
    return count;
}

static bool is_in_class(const struct judge *judge, const struct use *use, const void *class)
{
    return judge->class_of[held_of(use)] == *(const uint32_t *)class &&
           judge->class_of[wanted_of(use)] == *(const uint32_t *)class;
}

/* Both classes lie on cycles with the one given. */
static bool is_in_component(const struct judge *judge, const struct use *use, const void *class)
{
    uint32_t one = *(const uint32_t *)class, held = judge->class_of[held_of(use)], wanted = judge->class_of[wanted_of(use)];
    return judge->class_reaches[one][held] && judge->class_reaches[held][one] && judge->class_reaches[one][wanted] &&
           judge->class_reaches[wanted][one];
}

/* A ring of classes: each step of judge->chain goes from its class to that of the next. */
struct ring {
    const struct judge_step *steps;
    uint32_t count;
};

static bool is_in_ring(const struct judge *judge, const struct use *use, const void *closure)
{
    const struct ring *ring = closure;
    for (uint32_t i = 0; i < ring->count; i++) {
        if (judge->class_of[held_of(use)] == judge->class_of[judge_held_lock(&ring->steps[i])] &&
            judge->class_of[wanted_of(use)] == judge->class_of[ring->steps[i].dependency->lock.index])
            return true;
    }
    return false;
}

static bool has_class_of_one(const struct judge *judge, const struct pair *pairs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (judge->locks_of_class[judge->class_of[pairs[i].held]] == 1)
            return true;
    }
    return false;
}

/* Whether a lock of another class is held in all uses of the class that do not hold `tie_breaker`. */
static bool are_others_guarded(const struct judge *judge, uint32_t class, uint32_t tie_breaker)
{
    for (uint32_t lock = 1; lock < judge->world->lock_count; lock++) {
        uint32_t with = 0, without = 0;
        for (uint32_t i = 0; i < judge->use_count; i++) {
            const struct use *use = &judge->uses[i];
            if (is_in_class(judge, use, &class) && !holds(use->dependency, tie_breaker)) {
                with += holds(use->dependency, lock);
                without += !holds(use->dependency, lock);
            }
        }
        if (lock != tie_breaker && judge->class_of[lock] != class && with != 0 && without == 0)
            return true;
    }
    return false;
}

static uint32_t held_at(const struct use *use)
{
    return use->dependency->held[use->held_index].context.index;
}

/* Whether one lock of the class was acquired at both places. */
static bool share_lock(const struct judge *judge, uint32_t class, uint32_t left, uint32_t right)
{
    for (uint32_t lock = 1; lock < judge->world->lock_count; lock++) {
        bool at_left = false, at_right = false;
        for (uint32_t i = 0; i < judge->use_count; i++) {
            const struct use *use = &judge->uses[i];
            if (!is_in_class(judge, use, &class))
                continue;
            at_left |= held_of(use) == lock && held_at(use) == left;
            at_left |= wanted_of(use) == lock && use->dependency->context.index == left;
            at_right |= held_of(use) == lock && held_at(use) == right;
            at_right |= wanted_of(use) == lock && use->dependency->context.index == right;
        }
        if (at_left && at_right)
            return true;
    }
    return false;
}

static bool can_be_exchanged(const struct judge *judge, uint32_t class, const struct use *up, const struct use *down)
{
    uint32_t up_wants_at = up->dependency->context.index, down_wants_at = down->dependency->context.index;
    return (held_at(up) == held_at(down) && up_wants_at == down_wants_at) ||
           (share_lock(judge, class, held_at(up), down_wants_at) && share_lock(judge, class, up_wants_at, held_at(down)));
}

static bool some_can_be_exchanged(const struct judge *judge, uint32_t class)
{
    for (uint32_t i = 0; i < judge->use_count; i++) {
        for (uint32_t j = 0; j < judge->use_count; j++) {
            const struct use *up = &judge->uses[i], *down = &judge->uses[j];
            const struct lock *locks = judge->world->locks;
            if (is_in_class(judge, up, &class) && is_in_class(judge, down, &class) &&
                locks[held_of(up)].address < locks[wanted_of(up)].address &&
                locks[held_of(down)].address > locks[wanted_of(down)].address && can_be_exchanged(judge, class, up, down))
                return true;
        }
    }
    return false;
}

static enum answer class_follows_rule(const struct judge *judge, uint32_t class)
{
    struct pair pairs[MOST_PAIRS];
    if (judge->world->locks[class].initialized_at.index != 0 && !some_can_be_exchanged(judge, class))
        return YES;
    enum answer answer = follows_rule(judge, pairs, list_pairs(judge, is_in_class, &class, 0, pairs), 1, 2);
    for (uint32_t lock = 1; lock < judge->world->lock_count && answer == NO; lock++) {
        bool is_held = false;
        for (uint32_t i = 0; i < judge->use_count; i++)
            is_held |= is_in_class(judge, &judge->uses[i], &class) && holds(judge->uses[i].dependency, lock);
        if (is_held && judge->class_of[lock] != class && !are_others_guarded(judge, class, lock))
            answer = follows_rule(judge, pairs, list_pairs(judge, is_in_class, &class, lock, pairs), 2, 2);
    }
    return answer;
}

static enum answer ring_follows_rule(const struct judge *judge, const struct ring *ring)
{
    struct pair pairs[MOST_PAIRS];
    uint32_t class = judge->class_of[judge_held_lock(&ring->steps[0])];
    if (class == judge->class_of[ring->steps[0].dependency->lock.index])
        return class_follows_rule(judge, class);
    uint32_t count = list_pairs(judge, is_in_component, &class, 0, pairs);
    enum answer whole = follows_rule(judge, pairs, count, 6, has_class_of_one(judge, pairs, count) ? UINT32_MAX : 4);
    count = list_pairs(judge, is_in_ring, ring, 0, pairs);
    enum answer alone = follows_rule(judge, pairs, count, 6, has_class_of_one(judge, pairs, count) ? UINT32_MAX : 4);
    return whole == YES || alone == YES ? YES : whole == UNKNOWN || alone == UNKNOWN ? UNKNOWN : NO;
}

/* --- Steps --- */

static bool lies_in_cycle_with(const struct judge *judge, const struct judge_step *left, const struct judge_step *right)
{
    uint32_t locks[] = {judge_held_lock(left), left->dependency->lock.index, judge_held_lock(right),
                        right->dependency->lock.index};
    for (uint32_t i = 0; i < 4; i++) {
        if (!judge->reaches[locks[i]][locks[(i + 1) % 4]])
            return false;
    }
    return true;
}

static bool goes_up(const struct world *world, const struct judge_step *step)
{
    return world->locks[judge_held_lock(step)].address < world->locks[step->dependency->lock.index].address;
}

/* A reader waits for a reader only behind a writer. Who that could be is judge.c's question: findings may need one, and rings
 * that are looked for here need none. */
static bool blocks(const struct judge *judge, const struct judge_step *waiting, const struct judge_step *holding, bool finding)
{
    uint32_t wanted = waiting->dependency->lock.index, held = judge_held_lock(holding);
    bool behind_writer = finding && (judge->world->locks[wanted].flags & TRACE_LOCK_PREFERS_WRITER) != 0;
    return judge->class_of[wanted] == judge->class_of[held] &&
           (behind_writer || judge_modes_exclude(waiting->dependency->mode, judge_held_mode(holding)));
}

static bool is_of_one_class(const struct judge *judge, const struct ring *ring)
{
    return judge->class_of[judge_held_lock(&ring->steps[0])] == judge->class_of[ring->steps[0].dependency->lock.index];
}

/* Whether the steps of the ring, of a finding if that is not NULL, can happen at the same time, in different threads or, for an
 * advisory finding, in one. */
static const char *broken_by(const struct judge *judge, const struct ring *ring, const struct finding *finding)
{
    for (uint32_t i = 0; i < ring->count; i++) {
        if (!blocks(judge, &ring->steps[i], &ring->steps[(i + 1) % ring->count], finding != NULL))
            return "a step does not wait for the next one";
        for (uint32_t j = 0; j < i; j++) {
            const char *broken = judge_broken_rule(&judge->order, judge->world, &ring->steps[i], &ring->steps[j]);
            bool is_only_thread =
                finding != NULL && finding->advisory && broken != NULL && strcmp(broken, "rule 1: threads") == 0;
            if (broken != NULL && !is_only_thread)
                return broken;
            if (lies_in_cycle_with(judge, &ring->steps[i], &ring->steps[j]))
                return "two steps were judged as locks";
        }
    }
    if (is_of_one_class(judge, ring) && goes_up(judge->world, &ring->steps[0]) == goes_up(judge->world, &ring->steps[1]))
        return "both steps go the same way";
    return NULL;
}

/* What code takes the two locks: the functions, as the fingerprint knows them. */
static bool is_same_code(const struct judge_step *left, const struct finding_step *right, const struct world *world)
{
    const struct dependency *dependency = &world->dependencies[right->dependency.index];
    return left->dependency->context.index == dependency->context.index &&
           left->dependency->held[left->held_index].context.index == dependency->held[right->held_index].context.index;
}

static bool finding_has(const struct judge *judge, const struct finding *finding, const struct judge_step *step)
{
    for (uint32_t i = 0; i < finding->step_count; i++) {
        if (is_same_code(step, &finding->steps[i], judge->world))
            return true;
    }
    return false;
}

/* Whether the code is the same: the finding has all steps of the ring, and the ring all of the finding. */
static bool says_the_same(const struct judge *judge, const struct finding *finding, const struct ring *ring)
{
    for (uint32_t i = 0; i < ring->count; i++) {
        if (!finding_has(judge, finding, &ring->steps[i]))
            return false;
    }
    for (uint32_t i = 0; i < finding->step_count; i++) {
        bool known = false;
        for (uint32_t j = 0; j < ring->count; j++)
            known |= is_same_code(&ring->steps[j], &finding->steps[i], judge->world);
        if (!known)
            return false;
    }
    return true;
}

static struct judge_step step_of(const struct judge *judge, const struct finding_step *step)
{
    return (struct judge_step){&judge->world->dependencies[step->dependency.index], step->held_index, step->segment.index};
}

static bool is_between_same_classes(const struct judge *judge, const struct judge_step *left, const struct judge_step *right)
{
    return judge->class_of[judge_held_lock(left)] == judge->class_of[judge_held_lock(right)] &&
           judge->class_of[left->dependency->lock.index] == judge->class_of[right->dependency->lock.index];
}

/* Whether the finding goes from each class of the ring to the next; of one class, all of it. */
static bool makes_ring(const struct judge *judge, const struct finding *finding, const struct ring *ring)
{
    uint32_t made = 0, steps = 0;
    for (uint32_t i = 0; i < ring->count; i++) {
        bool found = false;
        for (uint32_t j = 0; j < finding->step_count; j++) {
            struct judge_step step = step_of(judge, &finding->steps[j]);
            found |= is_between_same_classes(judge, &step, &ring->steps[i]);
            steps += i == 0 && is_between_same_classes(judge, &step, &ring->steps[i]);
        }
        made += found;
    }
    return is_of_one_class(judge, ring) ? steps == finding->step_count : made == ring->count;
}

/* Whether a cycle is the same fault. */
static bool is_cycle_found(const struct judge *judge, const struct ring *ring)
{
    for (uint32_t i = 0; i < judge->findings->count; i++) {
        const struct finding *finding = &judge->findings->items[i];
        if (finding->kind == FINDING_CYCLE && finding->step_count > 1 &&
            (makes_ring(judge, finding, ring) || says_the_same(judge, finding, ring)))
            return true;
    }
    return false;
}

static bool is_told(const struct judge *judge, const struct ring *ring)
{
    for (uint32_t i = 0; i < judge->findings->count; i++) {
        const struct finding *finding = &judge->findings->items[i];
        if (finding->kind == FINDING_ORDER && (makes_ring(judge, finding, ring) || says_the_same(judge, finding, ring)))
            return true;
    }
    return is_cycle_found(judge, ring);
}

/* --- Findings and rings --- */

static const char *check_finding(const struct judge *judge, const struct finding *finding)
{
    struct judge_step steps[MOST_LOCKS];
    struct ring ring = {steps, finding->step_count};
    for (uint32_t i = 0; i < finding->step_count; i++)
        steps[i] = step_of(judge, &finding->steps[i]);
    const char *broken = broken_by(judge, &ring, finding);
    if (broken != NULL)
        return broken;
    if (ring_follows_rule(judge, &ring) == YES)
        return "the instances follow a rule";
    return is_cycle_found(judge, &ring) ? "a cycle says the same" : NULL;
}

static bool has_class(const struct judge *judge, uint32_t count, uint32_t class)
{
    for (uint32_t i = 0; i < count; i++) {
        if (judge->class_of[judge_held_lock(&judge->chain[i])] == class)
            return true;
    }
    return false;
}

static void check_ring(struct judge *judge, uint32_t count)
{
    struct ring ring = {judge->chain, count};
    bool is_missing = broken_by(judge, &ring, NULL) == NULL && !is_told(judge, &ring) && ring_follows_rule(judge, &ring) == NO;
    if (is_missing)
        judge->wrong = "a ring of classes is not told";
}

static void extend(struct judge *judge, uint32_t count)
{
    for (uint32_t i = 0; i < judge->use_count && judge->wrong == NULL; i++) {
        const struct use *use = &judge->uses[i];
        bool is_loop = judge->class_of[held_of(use)] == judge->class_of[wanted_of(use)];
        bool fits =
            count == 0 || judge->class_of[judge->chain[count - 1].dependency->lock.index] == judge->class_of[held_of(use)];
        bool repeats = has_class(judge, count, judge->class_of[held_of(use)]);
        if (!fits || (is_loop ? count == 1 && !repeats : repeats) || (is_loop && count > 1))
            continue;
        for (uint32_t witness = 0; witness < use->dependency->witness_count; witness++) {
            judge->chain[count] =
                (struct judge_step){use->dependency, use->held_index, use->dependency->witnesses[witness].segment.index};
            if (count + 1 >= 2)
                check_ring(judge, count + 1);
            if (count + 1 < (is_loop ? 2 : MOST_STEPS))
                extend(judge, count + 1);
        }
    }
}

const char *judge_orders(const struct small_world *small, const struct findings *findings)
{
    struct judge *judge = allocate_zeroed(1, sizeof *judge);
    judge->small = small;
    judge->world = small->world;
    judge->findings = findings;
    if (small->world->lock_count > MOST_LOCKS || small->world->context_count > MOST_USES)
        abort();
    judge_order_close(&judge->order, judge->world);
    find_classes(judge);
    list_uses(judge);
    for (uint32_t i = 0; i < findings->count && judge->wrong == NULL; i++) {
        if (findings->items[i].kind == FINDING_ORDER)
            judge->wrong = check_finding(judge, &findings->items[i]);
    }
    extend(judge, 0);
    const char *wrong = judge->wrong;
    free(judge);
    return wrong;
}
