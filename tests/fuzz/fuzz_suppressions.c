/* Any bytes as a file of suppressions. */
#include "fuzz_input.h"
#include "gate/suppressions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct suppressions suppressions = {0};
    struct error error;
    suppressions_read(&suppressions, fuzz_input_path(data, size), &error);
    suppressions_clear(&suppressions);
    return 0;
}
