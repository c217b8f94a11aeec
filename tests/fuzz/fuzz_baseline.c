/* Any bytes as a baseline: what can be read is written again, and read again. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz_input.h"
#include "gate/baseline.h"

static void write_and_read(const struct baseline *baseline)
{
    struct baseline again = {0};
    struct error error;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL || baseline_write(baseline, stream, &error) != 0 || fclose(stream) != 0)
        abort();
    if (baseline_read(&again, fuzz_input_path((const uint8_t *)text, size), &error) != 0 || again.count != baseline->count)
        abort();
    baseline_clear(&again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct baseline baseline = {0};
    struct error error;
    if (baseline_read(&baseline, fuzz_input_path(data, size), &error) == 0) {
        write_and_read(&baseline);
        baseline_clear(&baseline);
    }
    return 0;
}
