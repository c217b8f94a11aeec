/* Suppression files: rules, written by the user, for findings that are to be told in one line and to fail no gate.
 *
 *     # the journal of the vendor's library, reported to them as 4711
 *     reason: fixed in their next release
 *     kind: cycle
 *     module: libjournal.so*
 *     function: journal_*
 *
 * A rule is a block of lines "key: value" that ends at an empty line; '#' starts a line of comment. It has a reason, and at least
 * one of kind, fingerprint, function, file, module and lock, whose values are shell patterns (fnmatch: *, ?, [...] and \ before a
 * character that is meant). It matches a finding that has something for each of its lines: a function, file or module in any
 * of its stacks (file and module by path or by the path's last part), a lock by its name or its class. */
#ifndef LOCKORDER_ANALYZER_GATE_SUPPRESSIONS_H
#define LOCKORDER_ANALYZER_GATE_SUPPRESSIONS_H

#include "remarks.h"
#include "report/report.h"

struct suppressions {
    struct suppression_rule *rules;
    uint32_t count;
};

/* Adds the rules of a file. Returns -1 with the error set, "FILE:LINE: ...", when it cannot be read or breaks the rules above. */
int suppressions_read(struct suppressions *suppressions, const char *path, struct error *error);
void suppressions_clear(struct suppressions *suppressions);

/* Sets the status of the findings, which are those of the report, that a rule matches; and tells the rules that match none. */
void suppressions_apply(const struct suppressions *suppressions, const struct report *report, struct findings *findings,
                        struct remarks *remarks);

/* The same with the rules that come along (builtin.rules), of which nobody need hear that they match nothing. */
void suppressions_apply_builtin(const struct report *report, struct findings *findings);

/* Writes a rule that matches this finding and no other. */
void suppressions_print_rule(FILE *stream, const struct report *report, const struct finding *finding);

#endif
