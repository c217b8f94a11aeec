/* Which findings fail a run. */
#ifndef LOCKORDER_ANALYZER_CLI_GATE_H
#define LOCKORDER_ANALYZER_CLI_GATE_H

#include "error.h"
#include "finding.h"

#define GATE_KINDS_TEXT "deadlock,cycle,order,hazard,misuse"

struct gate {
    bool fails[FINDING_KIND_COUNT];
};

struct gate gate_default(void);

/* A list of kinds separated by ',', or "none". Returns -1 with the error set for any other text. */
int gate_parse(struct gate *gate, const char *kinds, struct error *error);

bool gate_is_failed_by_finding(const struct gate *gate, const struct finding *finding);
bool gate_is_failed_by(const struct gate *gate, const struct findings *findings);

#endif
