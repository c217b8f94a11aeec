/* What the page of the HTML report shows, as JSON; analyzer/report/html/page.js reads it. No contract: page and data are one. */
#ifndef LOCKORDER_ANALYZER_REPORT_HTML_DATA_H
#define LOCKORDER_ANALYZER_REPORT_HTML_DATA_H

#include <jansson.h>

#include "report.h"

/* The caller frees it with json_decref. */
json_t *html_data_value(const struct report *report);

#endif
