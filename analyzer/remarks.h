/* What is to be told besides the findings about the user's own files: a baseline's entries that do nothing any more, rules that
 * match nothing, orders that nobody has declared. None of them fails a gate. */
#ifndef LOCKORDER_ANALYZER_REMARKS_H
#define LOCKORDER_ANALYZER_REMARKS_H

#include <stdint.h>

enum remark_kind {
    REMARK_BASELINE_EXPIRED,   /* an entry is past its date: its finding is new again */
    REMARK_BASELINE_NOT_SEEN,  /* an entry's finding was not found */
    REMARK_SUPPRESSION_UNUSED, /* a rule matched no finding */
    REMARK_ORDER_UNDECLARED,   /* locks were taken in an order of which the declared one says nothing */
    REMARK_KIND_COUNT
};

struct remark {
    enum remark_kind kind;
    char *text; /* one sentence, with names from the observed program as they are */
};

struct remarks {
    struct remark *items;
    uint32_t count;
};

/* printf-style. */
void remarks_add(struct remarks *remarks, enum remark_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
void remarks_clear(struct remarks *remarks);

/* "baseline expired", ... */
const char *remark_kind_name(enum remark_kind kind);

#endif
