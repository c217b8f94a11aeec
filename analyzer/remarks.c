#include "remarks.h"

#include "allocate.h"

static const char *const names[REMARK_KIND_COUNT] = {
    [REMARK_BASELINE_EXPIRED] = "baseline expired",
    [REMARK_BASELINE_NOT_SEEN] = "baseline not seen",
    [REMARK_SUPPRESSION_UNUSED] = "suppression unused",
    [REMARK_ORDER_UNDECLARED] = "order undeclared",
};

const char *remark_kind_name(enum remark_kind kind)
{
    return names[kind];
}

void remarks_add(struct remarks *remarks, enum remark_kind kind, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    remarks->items = allocate_grown(remarks->items, remarks->count, sizeof *remarks->items);
    remarks->items[remarks->count++] = (struct remark){kind, allocate_checked(text)};
}

void remarks_clear(struct remarks *remarks)
{
    for (uint32_t i = 0; i < remarks->count; i++)
        free(remarks->items[i].text);
    free(remarks->items);
    *remarks = (struct remarks){0};
}
