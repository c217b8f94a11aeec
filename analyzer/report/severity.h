/* How much a finding matters, in the words that code hosts and test reports know. */
#ifndef LOCKORDER_ANALYZER_REPORT_SEVERITY_H
#define LOCKORDER_ANALYZER_REPORT_SEVERITY_H

#include "finding.h"

enum severity {
    SEVERITY_ERROR,   /* fails unless the user says otherwise */
    SEVERITY_WARNING, /* told, and fails nothing */
    SEVERITY_KNOWN,   /* the user knows it already: in the baseline, or suppressed */
};

static inline enum severity severity_of_new(const struct finding *finding)
{
    return finding_fails_by_default(finding->kind) && !finding->advisory ? SEVERITY_ERROR : SEVERITY_WARNING;
}

static inline enum severity severity_of(const struct finding *finding)
{
    return finding->status != FINDING_NEW ? SEVERITY_KNOWN : severity_of_new(finding);
}

#endif
