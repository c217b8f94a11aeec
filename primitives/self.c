#include "self.h"

#include <stddef.h>

_Thread_local struct self self;
