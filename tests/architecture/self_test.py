"""The checks of this folder must be able to fail: each is given what it has to refuse."""
import sys
import tempfile
import unittest
from pathlib import Path

import fast_path_test
import includes_test
import sizes_test
import symbols_test
import trace_format_test

REAL = ("1", "jmp", "*0xdb54(%rip)        # 10030 <real+0x10>")


class TreeCase(unittest.TestCase):
    def tree(self, **files):
        """A tree of sources; '__' in a name is a slash and the last '_' the dot."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, text in files.items():
            path = Path(folder.name) / ".".join(name.replace("__", "/").rsplit("_", 1))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Path(folder.name)


class IncludesTest(TreeCase):
    def problems(self, **files):
        root = self.tree(**files)
        found = list(includes_test.sources(root))
        return [*includes_test.forbidden(root, found), *includes_test.circles(root, found)]

    def test_the_contract_is_common(self):
        self.assertEqual(self.problems(include__lockorder__trace_format_h="",
                                       preload__a_c='#include "lockorder/trace_format.h"\n',
                                       analyzer__trace__b_c='#include <lockorder/trace_format.h>\n'), [])

    def test_the_analyzer_knows_the_recorder(self):
        self.assertIn("analyzer/cli/a.c: includes preload/b.h", self.problems(
            preload__b_h="", analyzer__cli__a_c='#include "../../preload/b.h"\n')[0])

    def test_the_recorder_knows_the_analyzer(self):
        self.assertIn("preload/a.c: includes analyzer/b.h", self.problems(
            analyzer__b_h="", preload__a_c='#include "../analyzer/b.h"\n')[0])

    def test_a_stage_knows_a_later_one(self):
        self.assertIn("analyzer/verdict/a.c: includes analyzer/report/b.h", self.problems(
            analyzer__report__b_h="", analyzer__verdict__a_c='#include "report/b.h"\n')[0])

    def test_a_circle(self):
        self.assertEqual(self.problems(preload__a_h='#include "b.h"\n', preload__b_h='#include "a.h"\n'),
                         ["preload/a.h includes preload/b.h includes preload/a.h: expected no circle"])

    def test_a_header_that_is_nowhere(self):
        self.assertIn('includes "lost.h"', self.problems(preload__a_c='#include "lost.h"\n')[0])


class SizesTest(TreeCase):
    def test_a_long_file(self):
        root = self.tree(preload__a_c="\n" * 601)
        self.assertEqual(list(sizes_test.long_files(root, sizes_test.files_of(root))),
                         ["preload/a.c: 601 lines, expected at most 600"])

    def test_a_long_function(self):
        root = self.tree(preload__a_c="int f(void)\n{\n" + "    ;\n" * 58 + "}\n", analyzer__b_c="int g(void)\n{\n}\n")
        try:
            problems = list(sizes_test.long_functions(root, sizes_test.files_of(root)))
        except SystemExit:
            self.skipTest("no ctags")
        self.assertEqual(problems, [f"{root}/preload/a.c:1: f has 61 lines, expected at most 60"])


class TraceFormatTest(unittest.TestCase):
    def test_an_unpinned_struct(self):
        self.assertIn("struct b", list(trace_format_test.problems(
            'struct a {\n};\nstatic_assert(sizeof(struct a) == 8, "");\nstruct b {\n};\n'))[0])

    def test_no_struct(self):
        self.assertIn("found none", list(trace_format_test.problems(""))[0])


class SymbolsTest(TreeCase):
    def test_rows_are_read(self):
        root = self.tree(preload__interposed_h="    X(int, one, (int *a), (a), NULL) \\\n    X(void, two,   \\\n"
                                               "      (void), (), NULL)\n",
                         preload__exports_map="{\n  global:\n    one;\n    three;\n  local:\n    *;\n};\n")
        self.assertEqual(symbols_test.interposed(root), {"one", "two"})
        self.assertEqual(list(symbols_test.difference("map", symbols_test.interposed(root), symbols_test.version_script(root))),
                         ["map: expected two, which is missing", "map: three is neither in preload/interposed.h nor in annotate.h"])

    def test_dlsym_in_another_file(self):
        root = self.tree(preload__real_c="dlsym(a, b);\n", preload__hooks_c="dlvsym(a, b, c);\n")
        self.assertEqual([text.split(":")[0] for text in symbols_test.dlsym_elsewhere(root)], ["preload/hooks.c"])


class FastPathTest(unittest.TestCase):
    def problems(self, *code):
        return list(fast_path_test.problems_of("pthread_mutex_lock", [*code, REAL]))

    def test_what_may_be(self):
        self.assertEqual(self.problems(("1", "push", "%rbx"), ("2", "jne", "24e0 <pthread_mutex_lock+0xf0>"),
                                       ("3", "jmp", "2330 <lock_slow>"), ("4", "jmp", "2330 <lock_slow.constprop.0>")), [])

    def test_what_may_not_be(self):
        for code in (("1", "call", "2330 <lock_slow>"), ("1", "call", "*0x8(%rax)"), ("1", "lock", "cmpxchg %rax,(%rdx)"),
                     ("1", "xchg", "%rax,(%rdx)"), ("1", "mfence", ""), ("1", "ret", ""), ("1", "jmp", "2330 <unwind>"),
                     ("1", "jmp", "*0x8(%rax)")):
            self.assertEqual(len(self.problems(code)), 1, code)

    def test_too_many_saved_registers(self):
        self.assertIn("saves 3 registers", self.problems(*[("1", "push", "%rbx")] * 3)[0])

    def test_no_way_to_the_real_function(self):
        self.assertEqual(len(list(fast_path_test.problems_of("pthread_mutex_lock", []))), 2)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
