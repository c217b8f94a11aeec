#include "mine.h"

#include <fnmatch.h>

#include "allocate.h"
#include "facts.h"

/* "/src/bank" has "/src/bank" and "/src/bank/a.c", not "/src/banking/a.c". */
static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/' || length == 1);
}

/* Sources and modules are known by their absolute paths. */
struct root {
    const char *text;
    char *resolved; /* NULL: it is no path of something that exists */
};

static bool fact_touches(const struct fact *fact, const struct root *root)
{
    if (fact->kind == FACT_MODULE && fnmatch(root->text, fact->text, 0) == 0)
        return true;
    bool is_path = fact->kind == FACT_FILE || fact->kind == FACT_MODULE;
    return is_path && (is_below(fact->text, root->text) || (root->resolved != NULL && is_below(fact->text, root->resolved)));
}

static bool touches(const struct facts *facts, const struct root *roots, size_t count)
{
    for (uint32_t i = 0; i < facts->count; i++) {
        for (size_t root = 0; root < count; root++) {
            if (fact_touches(&facts->items[i], &roots[root]))
                return true;
        }
    }
    return false;
}

void mine_apply(const char *const *texts, size_t count, const struct report *report, struct findings *findings)
{
    struct root *roots = allocate_zeroed(count, sizeof *roots);
    for (size_t i = 0; i < count; i++)
        roots[i] = (struct root){texts[i], realpath(texts[i], NULL)};
    for (uint32_t i = 0; count != 0 && i < findings->count; i++) {
        struct facts facts = facts_of(report, &findings->items[i]);
        findings->items[i].is_elsewhere = !touches(&facts, roots, count);
        facts_clear(&facts);
    }
    for (size_t i = 0; i < count; i++)
        free(roots[i].resolved);
    free(roots);
    findings_sort(findings);
}
