/* A file of declared orders, and its names of locks.
 *
 *     # the bank's locks
 *     accounts[].lock before journal            # seen 991 times, in write_journal (bank.c)
 *     "initialised in open_account" before journal
 *
 * Names that hold blanks, quotes or '#' are in quotes, in which a backslash stands before a quote or a backslash, and \xHH for a
 * byte. '#' starts a comment. */
#ifndef LOCKORDER_ANALYZER_GATE_ORDER_FILE_H
#define LOCKORDER_ANALYZER_GATE_ORDER_FILE_H

#include <stdio.h>

#include "error.h"
#include "order_graph.h"

/* NULL with the error set, "FILE:LINE: ...", when it cannot be read, is no such file, or contradicts itself. */
struct order_graph *order_file_read(const char *path, struct error *error);

void order_file_print_name(FILE *stream, const char *name);

#endif
