"""Each check of tools/check finds the violation planted for it, and nothing in the same tree without the plant."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from checks import banned, coroutines, documents, formatting, headers, layers, mirror, privates, sizes, threads  # noqa: E402

CLEAN = {
    "chain/README.md": "# chain\n",
    "chain/base/CMakeLists.txt": "tephra_library(chain_base)\n",
    "chain/base/bytes.hpp": "#pragma once\n",
    "chain/pool/CMakeLists.txt": "tephra_library(chain_pool DEPENDS chain_base)\n",
    "chain/pool/pool.hpp": '#pragma once\n#include "chain/base/bytes.hpp"\n',
    "chain/store/CMakeLists.txt": "tephra_library(chain_store IO DEPENDS chain_base)\n",
    "chain/store/store.hpp": "#pragma once\n",
    "runtime/README.md": "# runtime\n",
    "runtime/frame/frame.cpp": "int answer() { return 42; }\n",
    "tests/README.md": "# tests\n",
    "tests/unit/chain/pool/pool_test.cpp": "\n",
}


class Planted(unittest.TestCase):
    def found(self, check, plants: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in (CLEAN | plants).items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            return check.problems(root)

    def catches(self, check, path: str, text: str, expected: str):
        self.assertEqual(self.found(check, {}), [])
        problems = self.found(check, {path: text})
        self.assertTrue(any(path in p and expected in p for p in problems), problems)

    def test_an_include_against_the_arrows(self):
        self.catches(layers, "chain/base/upwards.hpp", '#include "chain/pool/pool.hpp"\n', "may not include chain/pool")

    def test_a_test_header_in_the_product(self):
        self.catches(layers, "chain/pool/pool.cpp", '#include "tests/unit/chain/pool/pool_test.cpp"\n', "included by none")

    def test_a_circle(self):
        self.assertTrue(any("circle" in p for p in self.found(
            layers, {"chain/base/CMakeLists.txt": "tephra_library(chain_base DEPENDS chain_pool)\n"})))

    def test_a_pure_library_that_depends_on_io(self):
        self.catches(layers, "chain/pool/CMakeLists.txt", "tephra_library(chain_pool DEPENDS chain_base chain_store)\n", "is pure")

    def test_a_file_of_501_lines(self):
        self.catches(sizes, "chain/base/long.hpp", "\n" * 501, "501 lines")

    def test_a_line_of_121_columns(self):
        self.catches(sizes, "chain/base/wide.hpp", "/" * 121 + "\n", "121 columns")

    def test_a_function_of_71_lines(self):
        self.catches(sizes, "chain/base/tall.cpp", "int tall() {\n" + "    ;\n" * 69 + "}\n", "71 lines")

    def test_unordered_iteration(self):
        self.catches(banned, "runtime/frame/frame.cpp", "std::unordered_map<int, int> seen;\n", "std::map")

    def test_a_float(self):
        self.catches(banned, "runtime/frame/frame.cpp", "double share = 0.3;\n", "fixed point")

    def test_a_clock(self):
        self.catches(banned, "runtime/frame/frame.cpp", "auto now = std::chrono::system_clock::now();\n", "as an argument")

    def test_an_exception(self):
        self.catches(banned, "runtime/frame/frame.cpp", "void f() { throw 1; }\n", "Result")

    def test_a_comment_that_tells_history(self):
        self.catches(banned, "chain/base/old.hpp", "// This is no longer so.\n", "ages badly")

    def test_a_word_in_a_comment_or_a_text_is_no_violation(self):
        self.assertEqual(self.found(banned, {"runtime/frame/frame.cpp": '// a float would differ\nauto s = "double";\n'}), [])

    def test_a_brace_inside_co_await(self):
        self.catches(coroutines, "chain/store/read.cpp", "co_await write(Frame{.bytes = b});\n", "give the value a name")

    def test_a_lambda_inside_co_await(self):
        self.catches(coroutines, "chain/store/read.cpp", "co_await post([b]() { return b; });\n", "give the value a name")

    def test_a_test_of_nothing(self):
        self.catches(mirror, "tests/unit/chain/pool/queue_test.cpp", "\n", "does not exist")

    def test_threads_that_no_sanitizer_watches(self):
        product = {"chain/store/store.cpp": "#include <mutex>\n"}
        declared = "tests/unit/chain/store/CMakeLists.txt"
        labelled = {declared: "tephra_unit_test(DEPENDS chain_store LABELS threads)\n"}
        self.assertEqual(self.found(threads, product | labelled), [])
        problems = self.found(threads, product | {declared: "tephra_unit_test(DEPENDS chain_store)\n"})
        self.assertTrue(any(declared in p and "LABELS threads" in p for p in problems), problems)

    def test_private_names_that_meet_in_a_unity_build(self):
        one = "namespace pool {\nnamespace {\nusing Size = int;\nint twice(const int& x) { return x + x; }\n}\n}\n"
        other = "namespace pool {\nnamespace {\nusing Size = int;\nlong twice(long x) { return x + x; }\n}\n}\n"
        self.assertEqual(self.found(privates, {"chain/pool/one.cpp": one, "chain/pool/other.cpp": other}), [])
        self.assertEqual(self.found(privates, {"chain/pool/one.cpp": one, "chain/store/one.cpp": one}), [])
        problems = self.found(privates, {"chain/pool/one.cpp": one, "chain/pool/two.cpp": one})
        self.assertTrue(any("two.cpp: twice(int) is private to one.cpp too" in p for p in problems), problems)

    def test_private_constants_and_types_that_meet(self):
        plant = "namespace {\nstruct Row {\n    int at = 0;\n};\nconstexpr int rows_max = 3;\n}\n"
        problems = self.found(privates, {"chain/pool/one.cpp": plant, "chain/pool/two.cpp": plant})
        self.assertEqual(len(problems), 2, problems)

    def test_a_missing_readme(self):
        problems = self.found(documents, {"genesis/dev.json": "{}"})
        self.assertTrue(any("genesis/README.md is missing" in p for p in problems), problems)

    def test_a_document_that_names_a_lost_file(self):
        self.catches(documents, "runtime/README.md", "See `runtime/frame/gone.hpp`.\n", "does not exist")

    def test_a_badly_formatted_file(self):
        plant = {".clang-format": (ROOT / ".clang-format").read_text(), "chain/base/ugly.hpp": "#pragma once\nint   x ;\n"}
        self.assertTrue(any("ugly.hpp" in p for p in self.found(formatting, plant)))

    def test_a_header_that_does_not_stand_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "build/dev").mkdir(parents=True)
            (root / "build/dev/build.ninja").write_text(
                "rule cxx\n  command = g++ -fsyntax-only $in\nbuild check-headers: cxx probe.cpp\n")
            (root / "build/dev/alone.hpp").write_text("inline std::string name() { return {}; }\n")
            (root / "build/dev/probe.cpp").write_text('#include "alone.hpp"\n')
            self.assertTrue(any("include what the header uses" in p for p in headers.problems(root)))

    def test_the_command_fails_where_a_check_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "chain").mkdir()
            run = subprocess.run([str(ROOT / "tools/check"), "--root", str(root), "documents"], capture_output=True, text=True)
            self.assertEqual(run.returncode, 1, run.stdout)


unittest.main()
