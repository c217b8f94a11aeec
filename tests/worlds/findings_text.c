#include "findings_text.h"

#include <inttypes.h>

#include "allocate.h"

static const char *name_of(const struct small_world *small, struct lock_id lock)
{
    return lock.index == 0 ? "" : small->lock_names[lock.index];
}

static void print_step(FILE *stream, const struct small_world *small, const struct finding_step *step)
{
    const char *joined = step->wants.lock.index == 0 ? small->world->threads[step->other_thread.index].name : "";
    fprintf(stream, "%s %s->%s%s %" PRIu64, small->world->threads[step->thread.index].name, name_of(small, step->holds.lock),
            name_of(small, step->wants.lock), joined, step->count);
}

static uint32_t lowest_step(const struct finding *finding)
{
    uint32_t lowest = 0;
    for (uint32_t i = 1; i < finding->step_count; i++) {
        if (finding->steps[i].holds.lock.index < finding->steps[lowest].holds.lock.index)
            lowest = i;
    }
    return lowest;
}

static void print_finding(FILE *stream, const struct small_world *small, const struct finding *finding)
{
    fprintf(stream, "%s %s", finding_kind_name(finding->kind), finding_certainty_name(finding->certainty));
    if (finding->occurrences != 1)
        fprintf(stream, " x%" PRIu32, finding->occurrences);
    fprintf(stream, "%s:", finding->needs_timeout_to_end ? " until a time-out" : "");
    uint32_t first = lowest_step(finding);
    for (uint32_t i = 0; i < finding->step_count; i++) {
        fputs(i == 0 ? " " : ", ", stream);
        print_step(stream, small, &finding->steps[(first + i) % finding->step_count]);
    }
    fputc('\n', stream);
}

char *findings_text(const struct small_world *small, const struct findings *findings)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = allocate_checked(open_memstream(&text, &size));
    for (uint32_t i = 0; i < findings->count; i++)
        print_finding(stream, small, &findings->items[i]);
    fclose(stream);
    return allocate_checked(text);
}
