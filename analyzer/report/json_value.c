#include "json_value.h"

#include <inttypes.h>

#include "allocate.h"
#include "program_text.h"

/* Frees the text. */
static json_t *take_text(char *text)
{
    json_t *value = allocate_checked(json_string(text));
    free(text);
    return value;
}

json_t *json_text(const char *text)
{
    return take_text(program_text_to_utf8(text));
}

json_t *json_printable(const char *text)
{
    return take_text(program_text_printable(text));
}

json_t *json_number(uint64_t number)
{
    return json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number);
}

json_t *json_address(uint64_t address)
{
    return json_sprintf("0x%" PRIx64, address);
}

void json_put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        allocate_failed();
}

void json_add(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        allocate_failed();
}

/* The parts are short, often a single character: what a stream takes to lock itself would be most of the time. */
static int write_part(const char *bytes, size_t size, void *stream)
{
    return fwrite_unlocked(bytes, 1, size, stream) == size ? 0 : -1;
}

int json_write(json_t *value, size_t flags, FILE *stream, const char *what, struct error *error)
{
    int result = json_dump_callback(value, write_part, stream, flags);
    json_decref(value);
    if (result != 0 || fputc('\n', stream) == EOF || ferror(stream))
        return error_set(error, "%s cannot be written", what);
    return 0;
}
