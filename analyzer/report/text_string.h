/* Parts of the text report as strings, printable and without colour: other forms carry them as their details. */
#ifndef LOCKORDER_ANALYZER_REPORT_TEXT_STRING_H
#define LOCKORDER_ANALYZER_REPORT_TEXT_STRING_H

#include "report.h"

/* "1 cycle in ./bank (pid 4711): it can deadlock". The caller frees it, as all of these. */
char *text_string_conclusion(const struct report *report);

/* All that the text report says of a finding; or its first lines only. */
char *text_string_finding(const struct report *report, const struct finding *finding, uint32_t number, enum report_detail detail);

/* What was seen and what was not. */
char *text_string_coverage(const struct report *report);

/* "bank.c:34 transfer", printable. */
char *text_string_place(const struct report *report, struct context_id context);

#endif
