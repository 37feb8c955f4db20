"""A file is a page (at most 500 lines), a function fits a screen (at most 70 lines), a line has at most 120 columns."""
import pathlib
import re

from checks import tree

FILE_MAX, FUNCTION_MAX, LINE_MAX = 500, 70, 120
OPENS = re.compile(r"\)\s*(const|noexcept|override|final|mutable|->\s*[\w:<>,&*\s]+)*\s*\{\s*$")


def problems(root: pathlib.Path) -> list[str]:
    found = []
    for file in tree.files(root, ".hpp", ".cpp", ".cu", ".py", ".mjs", ".sh", ".proto"):
        lines = file.read_text(errors="replace").splitlines()
        if len(lines) > FILE_MAX:
            found.append(f"{tree.place(root, file)}: {len(lines)} lines, at most {FILE_MAX}: split it by idea")
        formatted = True
        for number, line in enumerate(lines, 1):
            if "clang-format off" in line:
                formatted = False
            if "clang-format on" in line:
                formatted = True
            if len(line) > LINE_MAX and formatted and file.suffix in {".hpp", ".cpp", ".cu"} and "http" not in line and 'R"' not in line:
                found.append(f"{tree.place(root, file, number)}: {len(line)} columns, at most {LINE_MAX}")
        if file.suffix in {".cpp", ".hpp", ".cu"} and file.relative_to(root).parts[0] != "tests":
            found += long_functions(root, file)
    return found


def long_functions(root: pathlib.Path, file: pathlib.Path) -> list[str]:
    found, opened = [], None
    for number, line in enumerate(file.read_text().splitlines(), 1):
        # clang-format closes a namespace-level body with a brace in column 0, a member's with one in column 4.
        if opened is None and OPENS.search(line) and not line.lstrip().startswith(("if", "for", "while", "switch", "}")):
            opened = (number, len(line) - len(line.lstrip()))
        elif opened and line.rstrip() in ("}", "};", "});") and len(line) - len(line.lstrip()) == 0 or (
                opened and line.startswith(" " * opened[1] + "}") and len(line) - len(line.lstrip()) == opened[1]):
            if number - opened[0] + 1 > FUNCTION_MAX:
                found.append(f"{tree.place(root, file, opened[0])}: a function of {number - opened[0] + 1} lines, at most {FUNCTION_MAX}: "
                             "name its parts")
            opened = None
    return found
