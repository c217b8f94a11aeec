/* What a rule can say of a finding: each function, file, module and lock that it has, as text. */
#ifndef LOCKORDER_ANALYZER_GATE_FACTS_H
#define LOCKORDER_ANALYZER_GATE_FACTS_H

#include "report/report.h"

enum fact_kind { FACT_KIND, FACT_FINGERPRINT, FACT_FUNCTION, FACT_FILE, FACT_MODULE, FACT_LOCK, FACT_KIND_COUNT };

struct fact {
    enum fact_kind kind;
    const char *text;  /* lives as long as the report and the finding */
    bool is_essential; /* of the place that takes or wants a lock; of a lock: its class */
};

struct facts {
    struct fact *items;
    uint32_t count;
};

/* "kind", "fingerprint", "function", ... */
const char *fact_kind_name(enum fact_kind kind);

struct facts facts_of(const struct report *report, const struct finding *finding);
void facts_clear(struct facts *facts);

#endif
