#include "trace_report.h"

#include "user_error.h"

size_t trace_report_list(char *const *paths, int count, struct trace_list *list)
{
    size_t missing = 0;
    for (int i = 0; i < count; i++) {
        struct error error;
        if (trace_list_add(list, paths[i], &error) != 0) {
            user_error("%s", error.text);
            missing++;
        }
    }
    return missing;
}
