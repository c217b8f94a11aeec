#include "suppressions.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "allocate.h"
#include "facts.h"
#include "report/program_text.h"

#define KEYS_TEXT "reason, kind, fingerprint, function, file, module or lock"

struct pattern {
    enum fact_kind kind;
    char *text;
};

struct suppression_rule {
    char *path;
    unsigned line; /* where it starts */
    char *reason;
    struct pattern *patterns;
    uint32_t pattern_count;
};

void suppressions_clear(struct suppressions *suppressions)
{
    for (uint32_t i = 0; i < suppressions->count; i++) {
        struct suppression_rule *rule = &suppressions->rules[i];
        for (uint32_t pattern = 0; pattern < rule->pattern_count; pattern++)
            free(rule->patterns[pattern].text);
        free(rule->patterns);
        free(rule->path);
        free(rule->reason);
    }
    free(suppressions->rules);
    *suppressions = (struct suppressions){0};
}

/* --- Reading --- */

struct reader {
    struct suppressions *suppressions;
    const char *path;
    struct error *error;
    unsigned line;
    bool in_rule;
};

/* Without the blanks around it; changes the text. */
static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length != 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

static struct suppression_rule *begin_rule(struct reader *reader)
{
    struct suppressions *suppressions = reader->suppressions;
    reader->in_rule = true;
    suppressions->rules = allocate_grown(suppressions->rules, suppressions->count, sizeof *suppressions->rules);
    struct suppression_rule *rule = &suppressions->rules[suppressions->count++];
    *rule = (struct suppression_rule){.path = allocate_copy(reader->path), .line = reader->line};
    return rule;
}

static int end_rule(struct reader *reader)
{
    if (!reader->in_rule)
        return 0;
    reader->in_rule = false;
    const struct suppression_rule *rule = &reader->suppressions->rules[reader->suppressions->count - 1];
    if (rule->reason == NULL)
        return error_set(reader->error, "%s:%u: the rule has no reason; expected a line 'reason: ...'", reader->path, rule->line);
    if (rule->pattern_count == 0)
        return error_set(reader->error,
                         "%s:%u: the rule says nothing of what it matches; expected a line with kind, fingerprint, "
                         "function, file, module or lock",
                         reader->path, rule->line);
    return 0;
}

static bool matches_some_kind(const char *pattern)
{
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        if (fnmatch(pattern, finding_kind_name((enum finding_kind)kind), 0) == 0)
            return true;
    }
    return false;
}

static int add_pattern(const struct reader *reader, struct suppression_rule *rule, enum fact_kind kind, const char *value)
{
    if (kind == FACT_KIND && !matches_some_kind(value))
        return error_set(reader->error, "%s:%u: expected deadlock, cycle, order, hazard or misuse, found '%s'", reader->path,
                         reader->line, value);
    rule->patterns = allocate_grown(rule->patterns, rule->pattern_count, sizeof *rule->patterns);
    rule->patterns[rule->pattern_count++] = (struct pattern){kind, allocate_copy(value)};
    return 0;
}

static int add_value(const struct reader *reader, struct suppression_rule *rule, const char *key, const char *value)
{
    if (strcmp(key, "reason") == 0 && rule->reason != NULL)
        return error_set(reader->error, "%s:%u: expected one reason, found a second one; an empty line ends a rule", reader->path,
                         reader->line);
    if (strcmp(key, "reason") == 0) {
        rule->reason = allocate_copy(value);
        return 0;
    }
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        if (strcmp(fact_kind_name((enum fact_kind)kind), key) == 0)
            return add_pattern(reader, rule, (enum fact_kind)kind, value);
    }
    return error_set(reader->error, "%s:%u: expected " KEYS_TEXT ", found '%s'", reader->path, reader->line, key);
}

static int read_line(struct reader *reader, char *text)
{
    char *line = trim(text);
    reader->line++;
    if (*line == '#')
        return 0;
    if (*line == '\0')
        return end_rule(reader);
    char *colon = strchr(line, ':');
    if (colon == NULL)
        return error_set(reader->error, "%s:%u: expected 'key: value', found '%s'", reader->path, reader->line, line);
    *colon = '\0';
    const char *key = trim(line), *value = trim(colon + 1);
    if (*value == '\0')
        return error_set(reader->error, "%s:%u: expected a value after '%s:'", reader->path, reader->line, key);
    struct suppression_rule *rule =
        reader->in_rule ? &reader->suppressions->rules[reader->suppressions->count - 1] : begin_rule(reader);
    return add_value(reader, rule, key, value);
}

static int read_lines(struct reader *reader, FILE *stream)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t length;
    int result = 0;
    while (result == 0 && (length = getline(&text, &room, stream)) >= 0) {
        if (strlen(text) != (size_t)length)
            result = error_set(reader->error, "%s:%u: expected text, found a NUL byte", reader->path, reader->line + 1);
        else
            result = read_line(reader, text);
    }
    free(text);
    if (result == 0 && ferror(stream))
        return error_set(reader->error, "%s: the suppressions cannot be read: %s", reader->path, strerror(errno));
    return result == 0 ? end_rule(reader) : result;
}

static int read_stream(struct suppressions *suppressions, const char *path, FILE *stream, struct error *error)
{
    struct reader reader = {.suppressions = suppressions, .path = path, .error = error};
    return read_lines(&reader, stream);
}

int suppressions_read(struct suppressions *suppressions, const char *path, struct error *error)
{
    FILE *stream = fopen(path, "re");
    if (stream == NULL)
        return error_set(error, "%s: the suppressions cannot be read: %s", path, strerror(errno));
    int result = read_stream(suppressions, path, stream, error);
    fclose(stream);
    return result;
}

/* --- Applying --- */

static bool pattern_matches(const struct pattern *pattern, const struct facts *facts)
{
    for (uint32_t i = 0; i < facts->count; i++) {
        if (facts->items[i].kind == pattern->kind && fnmatch(pattern->text, facts->items[i].text, 0) == 0)
            return true;
    }
    return false;
}

static bool rule_matches(const struct suppression_rule *rule, const struct facts *facts)
{
    for (uint32_t i = 0; i < rule->pattern_count; i++) {
        if (!pattern_matches(&rule->patterns[i], facts))
            return false;
    }
    return true;
}

/* All rules that match are of use; the first one gives the reason. */
static void apply_to(const struct suppressions *suppressions, const struct report *report, struct finding *finding, bool *is_used)
{
    struct facts facts = facts_of(report, finding);
    for (uint32_t i = 0; i < suppressions->count; i++) {
        if (!rule_matches(&suppressions->rules[i], &facts))
            continue;
        is_used[i] = true;
        if (finding->status != FINDING_NEW)
            continue;
        finding->status = FINDING_SUPPRESSED;
        finding->status_reason = allocate_copy(suppressions->rules[i].reason);
    }
    facts_clear(&facts);
}

static bool *apply(const struct suppressions *suppressions, const struct report *report, struct findings *findings)
{
    bool *is_used = allocate_zeroed(suppressions->count, sizeof *is_used);
    for (uint32_t i = 0; suppressions->count != 0 && i < findings->count; i++)
        apply_to(suppressions, report, &findings->items[i], is_used);
    return is_used;
}

void suppressions_apply(const struct suppressions *suppressions, const struct report *report, struct findings *findings,
                        struct remarks *remarks)
{
    bool *is_used = apply(suppressions, report, findings);
    for (uint32_t i = 0; i < suppressions->count; i++) {
        const struct suppression_rule *rule = &suppressions->rules[i];
        if (!is_used[i])
            remarks_add(remarks, REMARK_SUPPRESSION_UNUSED, "%s:%u: the rule matched nothing this time (%s)", rule->path,
                        rule->line, rule->reason);
    }
    free(is_used);
}

extern const char builtin_rules[]; /* the file of that name */

void suppressions_apply_builtin(const struct report *report, struct findings *findings)
{
    struct suppressions suppressions = {0};
    struct error error;
    FILE *stream = findings->count == 0 ? NULL : fmemopen((char *)builtin_rules, strlen(builtin_rules), "r");
    if (stream == NULL)
        return;
    if (read_stream(&suppressions, "builtin.rules", stream, &error) == 0)
        free(apply(&suppressions, report, findings));
    fclose(stream);
    suppressions_clear(&suppressions);
}

/* --- Printing --- */

/* As a pattern that matches this text. What a line cannot hold, or would lose, or might steer a terminal, is any character. */
static void print_pattern(FILE *stream, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        bool at_edge = at == text || at[1] == '\0';
        if (!isascii((unsigned char)*at) || iscntrl((unsigned char)*at) || (at_edge && *at == ' '))
            fputc('?', stream);
        else if (strchr("*?[\\", *at) != NULL)
            fprintf(stream, "\\%c", *at);
        else
            fputc(*at, stream);
    }
}

static bool is_repeated(const struct facts *facts, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        const struct fact *earlier = &facts->items[i], *fact = &facts->items[index];
        if (earlier->is_essential && earlier->kind == fact->kind && strcmp(earlier->text, fact->text) == 0)
            return true;
    }
    return false;
}

static void print_facts(FILE *stream, const struct facts *facts, enum fact_kind kind)
{
    for (uint32_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        if (fact->kind != kind || !fact->is_essential || is_repeated(facts, i))
            continue;
        fprintf(stream, "%s: ", fact_kind_name(kind));
        print_pattern(stream, fact->text);
        fputc('\n', stream);
    }
}

/* The fingerprint alone would do; whoever wants a wider rule takes it out and has the rest. */
void suppressions_print_rule(FILE *stream, const struct report *report, const struct finding *finding)
{
    struct facts facts = facts_of(report, finding);
    fputs("# ", stream);
    program_text_print(stream, finding->title == NULL ? "" : finding->title);
    fputs("\nreason: not given yet\n", stream);
    print_facts(stream, &facts, FACT_KIND);
    print_facts(stream, &facts, FACT_FINGERPRINT);
    print_facts(stream, &facts, FACT_LOCK);
    print_facts(stream, &facts, FACT_FUNCTION);
    fputc('\n', stream);
    facts_clear(&facts);
}
