#include "baseline.h"

#include <errno.h>
#include <jansson.h>

#include "allocate.h"
#include "date.h"
#include "report/program_text.h"

enum { BASELINE_VERSION = 1, FINGERPRINT_LENGTH = 16 };

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct baseline_entry *)left)->fingerprint, ((const struct baseline_entry *)right)->fingerprint);
}

static void sort(struct baseline *baseline)
{
    if (baseline->count != 0)
        qsort(baseline->entries, baseline->count, sizeof *baseline->entries, compare_entries);
}

static void clear_entry(struct baseline_entry *entry)
{
    free(entry->fingerprint);
    free(entry->kind);
    free(entry->title);
    free(entry->reason);
    free(entry->expires);
}

void baseline_clear(struct baseline *baseline)
{
    for (uint32_t i = 0; i < baseline->count; i++)
        clear_entry(&baseline->entries[i]);
    free(baseline->entries);
    *baseline = (struct baseline){0};
}

/* --- Reading --- */

struct reader {
    struct baseline *baseline;
    const char *path;
    struct error *error;
    size_t index; /* of the entry at hand */
};

static bool is_fingerprint(const char *text)
{
    return strlen(text) == FINGERPRINT_LENGTH && strspn(text, "0123456789abcdef") == FINGERPRINT_LENGTH;
}

static bool is_kind(const char *text)
{
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        if (strcmp(finding_kind_name((enum finding_kind)kind), text) == 0)
            return true;
    }
    return false;
}

static bool is_anything(const char *text)
{
    (void)text;
    return true;
}

/* The members of an entry. */
static const struct field {
    const char *name;
    bool may_be_missing;
    bool (*is_valid)(const char *text);
    const char *expected;
    size_t place;
} fields[] = {
    {"fingerprint", false, is_fingerprint, "16 hexadecimal digits", offsetof(struct baseline_entry, fingerprint)},
    {"kind", false, is_kind, "deadlock, cycle, order, hazard or misuse", offsetof(struct baseline_entry, kind)},
    {"title", false, is_anything, "a text", offsetof(struct baseline_entry, title)},
    {"reason", true, is_anything, "a text or null", offsetof(struct baseline_entry, reason)},
    {"expires", true, date_is_valid, "a day as YYYY-MM-DD, or null", offsetof(struct baseline_entry, expires)},
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static char **field_of(struct baseline_entry *entry, const struct field *field)
{
    return (char **)((char *)entry + field->place);
}

static int read_field(const struct reader *reader, const struct field *field, const json_t *from, struct baseline_entry *entry)
{
    const json_t *value = json_object_get(from, field->name);
    if (field->may_be_missing && (value == NULL || json_is_null(value)))
        return 0;
    if (!json_is_string(value) || !field->is_valid(json_string_value(value)))
        return error_set(reader->error, "%s: findings[%zu].%s: expected %s, found %s", reader->path, reader->index, field->name,
                         field->expected,
                         json_is_string(value) ? json_string_value(value)
                         : value == NULL       ? "nothing"
                                               : "another type");
    *field_of(entry, field) = allocate_copy(json_string_value(value));
    return 0;
}

/* A name that is not known may be a reason or a date that would be lost. */
static int refuse_unknown(const struct reader *reader, json_t *from)
{
    const char *name;
    json_t *value;
    json_object_foreach(from, name, value)
    {
        bool known = false;
        for (int i = 0; i < FIELD_COUNT; i++)
            known |= strcmp(fields[i].name, name) == 0;
        if (!known)
            return error_set(reader->error,
                             "%s: findings[%zu]: expected fingerprint, kind, title, reason and expires, found '%s'", reader->path,
                             reader->index, name);
    }
    return 0;
}

static int read_entry(const struct reader *reader, json_t *from)
{
    if (!json_is_object(from))
        return error_set(reader->error, "%s: findings[%zu]: expected an object", reader->path, reader->index);
    if (refuse_unknown(reader, from) != 0)
        return -1;
    struct baseline *baseline = reader->baseline;
    baseline->entries = allocate_grown(baseline->entries, baseline->count, sizeof *baseline->entries);
    struct baseline_entry *entry = &baseline->entries[baseline->count++];
    *entry = (struct baseline_entry){0};
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (read_field(reader, &fields[i], from, entry) != 0)
            return -1;
    }
    return 0;
}

static int refuse_doubles(const struct reader *reader)
{
    for (uint32_t i = 1; i < reader->baseline->count; i++) {
        if (compare_entries(&reader->baseline->entries[i - 1], &reader->baseline->entries[i]) == 0)
            return error_set(reader->error, "%s: expected one entry for each fingerprint, found two for %s", reader->path,
                             reader->baseline->entries[i].fingerprint);
    }
    return 0;
}

static int read_entries(struct reader *reader, const json_t *root)
{
    const json_t *version = json_object_get(root, "baseline_version"), *list = json_object_get(root, "findings");
    if (!json_is_integer(version) || json_integer_value(version) != BASELINE_VERSION)
        return error_set(reader->error, "%s: expected an object with \"baseline_version\": %d; is it a baseline?", reader->path,
                         BASELINE_VERSION);
    if (!json_is_array(list))
        return error_set(reader->error, "%s: expected a list \"findings\"", reader->path);
    for (reader->index = 0; reader->index < json_array_size(list); reader->index++) {
        if (read_entry(reader, json_array_get(list, reader->index)) != 0)
            return -1;
    }
    sort(reader->baseline);
    return refuse_doubles(reader);
}

int baseline_read(struct baseline *baseline, const char *path, struct error *error)
{
    struct reader reader = {baseline, path, error, 0};
    json_error_t fault;
    *baseline = (struct baseline){0};
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &fault);
    if (root == NULL && json_error_code(&fault) == json_error_cannot_open_file)
        return error_set(error, "%s: the baseline cannot be read: %s; --update-baseline makes one", path, strerror(errno));
    if (root == NULL)
        return error_set(error, "%s:%d: %s; expected a baseline, which is JSON", path, fault.line, fault.text);
    int result = read_entries(&reader, root);
    json_decref(root);
    if (result != 0)
        baseline_clear(baseline);
    return result;
}

/* --- Applying --- */

static struct baseline_entry *find(const struct baseline *baseline, const char *fingerprint)
{
    struct baseline_entry key = {.fingerprint = (char *)(uintptr_t)fingerprint};
    if (baseline->count == 0)
        return NULL;
    return bsearch(&key, baseline->entries, baseline->count, sizeof key, compare_entries);
}

static bool is_expired(const struct baseline_entry *entry, const char *today)
{
    return entry->expires != NULL && strcmp(entry->expires, today) < 0;
}

static void apply_entry(const struct baseline_entry *entry, const char *path, const char *today, struct finding *finding,
                        struct remarks *remarks)
{
    if (is_expired(entry, today)) {
        remarks_add(remarks, REMARK_BASELINE_EXPIRED, "%s: the entry for %s %s expired on %s: the finding is new again", path,
                    entry->kind, entry->fingerprint, entry->expires);
        return;
    }
    finding->status = FINDING_BASELINED;
    finding->status_reason = entry->reason == NULL ? NULL : allocate_copy(entry->reason);
}

void baseline_apply(const struct baseline *baseline, const char *path, const char *today, struct findings *findings,
                    struct remarks *remarks)
{
    bool *is_seen = allocate_zeroed(baseline->count, sizeof *is_seen);
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct baseline_entry *entry = find(baseline, findings->items[i].fingerprint);
        if (entry == NULL)
            continue;
        is_seen[entry - baseline->entries] = true;
        if (findings->items[i].status == FINDING_NEW)
            apply_entry(entry, path, today, &findings->items[i], remarks);
    }
    for (uint32_t i = 0; i < baseline->count; i++) {
        const struct baseline_entry *entry = &baseline->entries[i];
        if (!is_seen[i])
            remarks_add(remarks, REMARK_BASELINE_NOT_SEEN, "%s: %s %s was not seen this time: %s", path, entry->kind,
                        entry->fingerprint, entry->title);
    }
    free(is_seen);
}

/* --- Writing --- */

static char *copy_or_null(const char *text)
{
    return text == NULL ? NULL : allocate_copy(text);
}

static struct baseline_entry entry_of(const struct baseline *baseline, const struct finding *finding)
{
    const struct baseline_entry *old = find(baseline, finding->fingerprint);
    struct baseline_entry entry = {.fingerprint = allocate_copy(finding->fingerprint),
                                   .kind = allocate_copy(finding_kind_name(finding->kind))};
    if (old == NULL) {
        entry.title = program_text_to_utf8(finding->title == NULL ? "" : finding->title);
        return entry;
    }
    entry.title = allocate_copy(old->title);
    entry.reason = copy_or_null(old->reason);
    entry.expires = copy_or_null(old->expires);
    return entry;
}

void baseline_update(struct baseline *baseline, const struct findings *findings)
{
    struct baseline updated = {0};
    for (uint32_t i = 0; i < findings->count; i++) {
        if (findings->items[i].status == FINDING_SUPPRESSED)
            continue;
        updated.entries = allocate_grown(updated.entries, updated.count, sizeof *updated.entries);
        updated.entries[updated.count++] = entry_of(baseline, &findings->items[i]);
    }
    baseline_clear(baseline);
    *baseline = updated;
    sort(baseline);
}

static json_t *entry_value(struct baseline_entry *entry)
{
    json_t *value = allocate_checked(json_object());
    for (int i = 0; i < FIELD_COUNT; i++) {
        const char *text = *field_of(entry, &fields[i]);
        if (json_object_set_new(value, fields[i].name, text == NULL ? json_null() : json_string(text)) != 0)
            allocate_failed();
    }
    return value;
}

int baseline_write(const struct baseline *baseline, FILE *stream, struct error *error)
{
    json_t *list = allocate_checked(json_array());
    for (uint32_t i = 0; i < baseline->count; i++)
        json_array_append_new(list, entry_value(&baseline->entries[i]));
    json_t *root = allocate_checked(json_pack("{s:i, s:o}", "baseline_version", BASELINE_VERSION, "findings", list));
    int result = json_dumpf(root, stream, JSON_INDENT(2));
    json_decref(root);
    if (result != 0 || fputc('\n', stream) == EOF || ferror(stream))
        return error_set(error, "the baseline cannot be written");
    return 0;
}
