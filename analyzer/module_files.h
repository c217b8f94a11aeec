/* Files of code, the same in every process that has them mapped. */
#ifndef LOCKORDER_ANALYZER_MODULE_FILES_H
#define LOCKORDER_ANALYZER_MODULE_FILES_H

#include "world.h"

enum module_sameness {
    MODULE_SAME_BUILD, /* the same build-id; without one, the same path */
    MODULE_SAME_NAME,  /* the same last part of the path: builds of one module */
};

/* By module: a number from 1 on, equal for modules that are the same file; 0 for the module "none". The caller frees. */
uint32_t *module_files_number(const struct world *world, enum module_sameness sameness);

#endif
