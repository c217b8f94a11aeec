/* What is no news: findings that the user has spoken of, folded to a line each, and what is to be said about the user's files. */
#include "text.h"

#include <inttypes.h>

void text_print_known_counts(const struct text_writer *writer)
{
    uint32_t baselined = findings_count_of(writer->report->findings, FINDING_BASELINED);
    uint32_t suppressed = findings_count_of(writer->report->findings, FINDING_SUPPRESSED);
    if (baselined != 0)
        text_print(writer, "; %" PRIu32 " in the baseline", baselined);
    if (suppressed != 0)
        text_print(writer, "; %" PRIu32 " suppressed", suppressed);
}

static void write_folded(const struct text_writer *writer, const struct finding *finding)
{
    text_print(writer, "%s: %s %s: %s", finding_status_name(finding->status), finding_kind_name(finding->kind),
               finding->fingerprint, finding->title == NULL ? "" : finding->title);
    if (finding->certainty == CERTAINTY_HAPPENED && finding->kind == FINDING_DEADLOCK)
        text_print(writer, "; it happened in this run");
    if (finding->status_reason != NULL)
        text_print(writer, " (%s)", finding->status_reason);
    text_end_line(writer);
}

void text_write_known(const struct text_writer *writer)
{
    const struct findings *findings = writer->report->findings;
    const struct remarks *remarks = writer->report->remarks;
    for (uint32_t i = 0; i < findings->count; i++) {
        if (findings->items[i].status != FINDING_NEW)
            write_folded(writer, &findings->items[i]);
    }
    for (uint32_t i = 0; remarks != NULL && i < remarks->count; i++) {
        text_print(writer, "note: %s", remarks->items[i].text);
        text_end_line(writer);
    }
}
