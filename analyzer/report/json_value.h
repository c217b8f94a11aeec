/* Values of JSON from what a report has: texts of the observed program whatever their bytes, numbers, addresses. Out of memory
 * ends the command, as everywhere in the analyzer. */
#ifndef LOCKORDER_ANALYZER_REPORT_JSON_VALUE_H
#define LOCKORDER_ANALYZER_REPORT_JSON_VALUE_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"

/* The text as it is, but for bytes that are not UTF-8: see program_text_to_utf8. */
json_t *json_text(const char *text);

/* The text as a reader may see it: see program_text_print. */
json_t *json_printable(const char *text);

json_t *json_number(uint64_t number);

/* "0x1139" */
json_t *json_address(uint64_t address);

/* The value is given away to the object or the array. */
void json_put(json_t *object, const char *key, json_t *value);
void json_add(json_t *array, json_t *value);

/* Writes the value with a line end and frees it. `what` is for the error: "the JSON report". */
int json_write(json_t *value, size_t flags, FILE *stream, const char *what, struct error *error);

#endif
