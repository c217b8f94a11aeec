/* What is no news: findings that the user has spoken of, folded to a line each, and what is to be said about the user's files. */
#include "text.h"

#include <inttypes.h>

bool text_is_folded(const struct finding *finding)
{
    return finding->status != FINDING_NEW || finding->is_elsewhere;
}

static uint32_t count_new_elsewhere(const struct findings *findings)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->count; i++)
        count += findings->items[i].status == FINDING_NEW && findings->items[i].is_elsewhere;
    return count;
}

void text_print_known_counts(const struct text_writer *writer)
{
    uint32_t baselined = findings_count_of(writer->report->findings, FINDING_BASELINED);
    uint32_t suppressed = findings_count_of(writer->report->findings, FINDING_SUPPRESSED);
    uint32_t elsewhere = count_new_elsewhere(writer->report->findings);
    if (elsewhere != 0)
        text_print(writer, "; %" PRIu32 " of them elsewhere", elsewhere);
    if (baselined != 0)
        text_print(writer, "; %" PRIu32 " in the baseline", baselined);
    if (suppressed != 0)
        text_print(writer, "; %" PRIu32 " suppressed", suppressed);
}

static void write_folded(const struct text_writer *writer, const struct finding *finding)
{
    const char *why = finding->status == FINDING_NEW ? "elsewhere" : finding_status_name(finding->status);
    text_print(writer, "%s: %s %s: %s", why, finding_kind_name(finding->kind), finding->fingerprint,
               finding->title == NULL ? "" : finding->title);
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
        if (text_is_folded(&findings->items[i]))
            write_folded(writer, &findings->items[i]);
    }
    for (uint32_t i = 0; remarks != NULL && i < remarks->count; i++) {
        text_print(writer, "note: %s", remarks->items[i].text);
        text_end_line(writer);
    }
}
