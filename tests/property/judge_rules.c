/* Which segments are ordered is the transitive closure after Warshall, "A theorem on Boolean matrices", JACM 1962. */
#include "judge_rules.h"

#include "allocate.h"

void judge_order_close(struct judge_order *order, const struct world *world)
{
    uint32_t count = world->segment_count;
    if (count > JUDGE_MOST_SEGMENTS)
        abort();
    memset(order, 0, sizeof *order);
    for (uint32_t i = 1; i < count; i++) {
        order->before[world->segments[i].previous.index][i] = true;
        order->before[world->segments[i].other.index][i] = true;
    }
    for (uint32_t via = 1; via < count; via++) {
        for (uint32_t from = 1; from < count; from++) {
            for (uint32_t to = 1; to < count; to++)
                order->before[from][to] |= order->before[from][via] && order->before[via][to];
        }
    }
}

uint32_t judge_thread(const struct world *world, const struct judge_step *step)
{
    return world->segments[step->segment].thread.index;
}

uint32_t judge_held_lock(const struct judge_step *step)
{
    return step->dependency->held[step->held_index].lock.index;
}

bool judge_modes_exclude(enum trace_mode left, enum trace_mode right)
{
    return !(left != TRACE_MODE_EXCLUSIVE && right != TRACE_MODE_EXCLUSIVE);
}

static bool have_guard(const struct judge_step *left, const struct judge_step *right)
{
    for (uint32_t i = 0; i < left->dependency->held_count; i++) {
        for (uint32_t j = 0; j < right->dependency->held_count; j++) {
            const struct held_lock *a = &left->dependency->held[i], *b = &right->dependency->held[j];
            if (a->lock.index == b->lock.index && judge_modes_exclude(a->mode, b->mode))
                return true;
        }
    }
    return false;
}

bool judge_is_ordered(const struct judge_order *order, const struct judge_step *left, const struct judge_step *right)
{
    return order->before[left->segment][right->segment] || order->before[right->segment][left->segment];
}

const char *judge_broken_rule(const struct judge_order *order, const struct world *world, const struct judge_step *left,
                              const struct judge_step *right)
{
    if (judge_thread(world, left) == judge_thread(world, right))
        return "rule 1: threads";
    if (have_guard(left, right))
        return "rule 2: guard";
    if (judge_is_ordered(order, left, right))
        return "rule 3: segments";
    return NULL;
}

bool judge_waits_for_itself(const struct dependency *dependency)
{
    for (uint32_t i = 0; i < dependency->held_count; i++) {
        if (dependency->held[i].lock.index == dependency->lock.index)
            return true;
    }
    return false;
}

enum trace_mode judge_held_mode(const struct judge_step *step)
{
    enum trace_mode mode = step->dependency->held[step->held_index].mode;
    for (uint32_t i = 0; i < step->dependency->held_count; i++) {
        if (step->dependency->held[i].lock.index == judge_held_lock(step) &&
            step->dependency->held[i].mode == TRACE_MODE_EXCLUSIVE)
            mode = TRACE_MODE_EXCLUSIVE;
    }
    return mode;
}
