"""Where threads meet, the unit test is labelled `threads`: tools/ci runs those under the thread sanitizer."""
import pathlib
import re

from checks import tree

MEETS = re.compile(r"^#include <(thread|mutex|shared_mutex|atomic|condition_variable|future|stop_token|semaphore|latch)>", re.M)
LABELLED = re.compile(r"tephra_unit_test\([^)]*\bLABELS\b[^)]*\bthreads\b")


def problems(root: pathlib.Path) -> list[str]:
    found, unit = [], root / "tests" / "unit"
    meets: dict[pathlib.Path, pathlib.Path] = {}
    for file in tree.files(root, ".hpp", ".cpp"):
        if MEETS.search(file.read_text()):
            base = unit if unit in file.parents else root
            meets.setdefault(file.parent.relative_to(base), file)
    for folder, file in sorted(meets.items()):
        declared = unit / folder / "CMakeLists.txt"
        if declared.exists() and not LABELLED.search(declared.read_text()):
            found.append(f"{tree.place(root, declared)}: threads meet in {tree.place(root, file)}; say LABELS threads")
    return found
