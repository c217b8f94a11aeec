/* The stages read files by path: the fuzzer's bytes, as a file that lies in memory only. */
#ifndef LOCKORDER_TESTS_FUZZ_INPUT_H
#define LOCKORDER_TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* Its path, with these bytes in it until the next call. */
const char *fuzz_input_path(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
