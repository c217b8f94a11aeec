/* Names for addresses of static data, down to the lock inside an array of structures. */
#ifndef LOCKORDER_ANALYZER_SYMBOLS_VARIABLE_NAME_H
#define LOCKORDER_ANALYZER_SYMBOLS_VARIABLE_NAME_H

#include "module_file.h"

/* The variables of one module; reads nothing before the first question. The file must outlive it. */
struct variable_names *variable_names_new(const struct module_file *file);
void variable_names_free(struct variable_names *names);

/* NULL when no variable is known there; the caller frees it. */
char *variable_names_find(struct variable_names *names, uint64_t address);

#endif
