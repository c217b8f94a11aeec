/* To be included before a source of the recorder: each atomic access is a step of the model. */
#ifndef LOCKORDER_TESTS_MODEL_ATOMIC_STEPS_H
#define LOCKORDER_TESTS_MODEL_ATOMIC_STEPS_H

#include "model.h"

#define __atomic_load_n(place, order) (model_step(), __atomic_load_n(place, order))
#define __atomic_store_n(place, value, order) (model_step(), __atomic_store_n(place, value, order))
#define __atomic_exchange_n(place, value, order) (model_step(), __atomic_exchange_n(place, value, order))
#define __atomic_fetch_add(place, value, order) (model_step(), __atomic_fetch_add(place, value, order))
#define __atomic_compare_exchange_n(place, expected, value, weak, success, failure)                                              \
    (model_step(), __atomic_compare_exchange_n(place, expected, value, weak, success, failure))

#endif
