#include "gate.h"

#include <string.h>

struct gate gate_default(void)
{
    struct gate gate;
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++)
        gate.fails[kind] = finding_fails_by_default((enum finding_kind)kind);
    return gate;
}

static bool add_kind(struct gate *gate, const char *name, size_t length)
{
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        const char *known = finding_kind_name((enum finding_kind)kind);
        if (strlen(known) == length && strncmp(known, name, length) == 0) {
            gate->fails[kind] = true;
            return true;
        }
    }
    return false;
}

int gate_parse(struct gate *gate, const char *kinds, struct error *error)
{
    *gate = (struct gate){{false}};
    if (strcmp(kinds, "none") == 0)
        return 0;
    for (const char *name = kinds;; name++) {
        size_t length = strcspn(name, ",");
        if (!add_kind(gate, name, length))
            return error_set(error, "--fail-on=%s: expected 'none' or some of " GATE_KINDS_TEXT ", found '%.*s'", kinds,
                             (int)length, name);
        name += length;
        if (*name == '\0')
            return 0;
    }
}

bool gate_is_failed_by_finding(const struct gate *gate, const struct finding *finding)
{
    return gate->fails[finding->kind] && !finding->advisory && finding->status == FINDING_NEW;
}

bool gate_is_failed_by(const struct gate *gate, const struct findings *findings)
{
    for (uint32_t i = 0; i < findings->count; i++) {
        if (gate_is_failed_by_finding(gate, &findings->items[i]))
            return true;
    }
    return false;
}
