"""g++ 12 destroys some temporaries of a co_await expression twice: no braces and no lambda inside one. Name it, then move it."""
import pathlib
import re

from checks import tree

STATEMENT = re.compile(r"co_await\b([^;]*);", re.S)


def problems(root: pathlib.Path) -> list[str]:
    found = []
    for file in tree.files(root, ".hpp", ".cpp"):
        text = tree.without_comments(file.read_text())
        for match in STATEMENT.finditer(text):
            if re.search(r"\{|\[[&=\w]*\]\s*\(", match[1]):
                number = text.count("\n", 0, match.start()) + 1
                found.append(f"{tree.place(root, file, number)}: a brace or a lambda inside a co_await expression: give the value a name, "
                             "then co_await f(std::move(name))")
    return found
