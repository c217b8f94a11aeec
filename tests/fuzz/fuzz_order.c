/* Any bytes as a file of declared orders. */
#include "fuzz_input.h"
#include "gate/order_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;
    struct order_graph *graph = order_file_read(fuzz_input_path(data, size), &error);
    if (graph != NULL)
        order_graph_free(graph);
    return 0;
}
