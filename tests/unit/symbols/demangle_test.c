#include "symbols/demangle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct example {
    const char *linker_name, *name;
};

static void assert_examples(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *name = demangle(examples[i].linker_name);
        assert_string_equal(name, examples[i].name);
        free(name);
    }
}

static void names_of_c_stay_as_they_are(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"main", "main"}, {"_start", "_start"}, {"", ""}, {"_", "_"}, {".hidden", ".hidden"}, {"odd.name", "odd.name"},
    };
    assert_examples(examples, sizeof examples / sizeof *examples);
}

static void names_of_cxx_are_given_in_full(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"_ZN8Registry3addEi", "Registry::add(int)"},
        {"_ZZN8Registry8instanceEvE5mutex", "Registry::instance()::mutex"},
        {"_ZN12_GLOBAL__N_16hiddenE", "(anonymous namespace)::hidden"},
        {"_ZN8RegistryC4Ev", "Registry::Registry()"},
    };
    assert_examples(examples, sizeof examples / sizeof *examples);
}

static void marks_of_copies_and_versions_are_cut(void **state)
{
    (void)state;
    const struct example examples[] = {
        {"lock.0", "lock"},
        {"transfer.constprop.0", "transfer"},
        {"transfer.part.0.isra.12", "transfer"},
        {"transfer.cold", "transfer"},
        {"main._omp_fn.3", "main._omp_fn"},
        {"pthread_mutex_lock@@GLIBC_2.2.5", "pthread_mutex_lock"},
        {"_ZN8Registry3addEi.cold", "Registry::add(int)"},
        {"_ZN8Registry3addEi.constprop.0.lto_priv.1", "Registry::add(int)"},
    };
    assert_examples(examples, sizeof examples / sizeof *examples);
}

static void what_only_looks_like_cxx_is_left(void **state)
{
    (void)state;
    const struct example examples[] = {{"_Z", "_Z"}, {"_Zebra", "_Zebra"}, {"_ZN8Registr", "_ZN8Registr"}};
    assert_examples(examples, sizeof examples / sizeof *examples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_c_stay_as_they_are),
        cmocka_unit_test(names_of_cxx_are_given_in_full),
        cmocka_unit_test(marks_of_copies_and_versions_are_cut),
        cmocka_unit_test(what_only_looks_like_cxx_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
