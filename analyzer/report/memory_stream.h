/* A stream that writes into memory: open, print into `stream`, close. */
#ifndef LOCKORDER_ANALYZER_REPORT_MEMORY_STREAM_H
#define LOCKORDER_ANALYZER_REPORT_MEMORY_STREAM_H

#include <stdio.h>

struct memory_stream {
    char *bytes;
    size_t size;
    FILE *stream;
};

void memory_stream_open(struct memory_stream *memory);

/* Returns the text; the caller frees it. */
char *memory_stream_close(struct memory_stream *memory);

#endif
