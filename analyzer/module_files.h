/* Files of code, the same in every process that has them mapped: by build-id, else by path. */
#ifndef LOCKORDER_ANALYZER_MODULE_FILES_H
#define LOCKORDER_ANALYZER_MODULE_FILES_H

#include "world.h"

/* By module: a number from 1 on, equal for modules that are the same file; 0 for the module "none". The caller frees. */
uint32_t *module_files_number(const struct world *world);

#endif
