"""Within one folder no two .cpp files name something private alike: unity builds (presets ci, tsan, fuzz) compile them as one.

Sees functions, constants and types of unnamed namespaces. Tests are exempt, their build is no unity.
"""
import collections
import pathlib
import re

from checks import tree

UNNAMED = re.compile(r"\bnamespace\s*\{")
TYPE = re.compile(r"^\s*(?:template\s*<[^{};]*>\s*)?(?:struct|class|enum(?:\s+class)?|concept)\s+(\w+)", re.S)
CONSTANT = re.compile(r"^[^()]*?\b(\w+)\s*(?:\{\}|=[^=])", re.S)
FUNCTION = re.compile(r"[\w>&*\]]\s+[&*]?(\w+)\s*\((.*)\)[^()]*\{\}\s*$", re.S)
UNTYPED = re.compile(r"\s+\w+\s*(?==|,|$)|\b\w+::|\bconst\b|[&\s]")  # a parameter's name, and how its type may be spelled


def outline(text: str, start: int) -> list[str]:
    """The declarations of the namespace whose body begins at `start`, with empty bodies."""
    declarations, current, depth = [], "", 1
    for character in text[start:]:
        if character == "}":
            depth -= 1
            if depth == 0:
                return declarations
            if depth == 1:
                current += "}"
                if "(" in current and "=" not in current.partition("(")[0]:
                    declarations.append(current)
                    current = ""
        elif character == "{":
            if depth == 1:
                current += "{"
            depth += 1
        elif depth == 1:
            if character == ";":
                declarations.append(current)
                current = ""
            else:
                current += character
    return declarations


def name_of(declaration: str) -> str | None:
    """What a second declaration may not be alike; a function counts with the types of its parameters."""
    declaration = "\n".join(line for line in declaration.splitlines() if not line.lstrip().startswith("#"))
    if re.match(r"\s*(using|namespace|static_assert|friend)\b", declaration):
        return None
    if found := TYPE.match(declaration):
        return found[1]
    if found := FUNCTION.search(declaration):
        return f"{found[1]}({','.join(UNTYPED.sub('', part.strip()) for part in found[2].split(','))})"
    if found := CONSTANT.match(declaration):
        return found[1]
    return None


def problems(root: pathlib.Path) -> list[str]:
    seen: dict[tuple[pathlib.Path, str], list[pathlib.Path]] = collections.defaultdict(list)
    for file in tree.files(root, ".cpp"):
        if "tests" in file.relative_to(root).parts:
            continue
        text = tree.without_comments(file.read_text())
        for name in {name_of(d) for m in UNNAMED.finditer(text) for d in outline(text, m.end())} - {None}:
            seen[file.parent, name].append(file)
    return sorted(f"{tree.place(root, files[1])}: {name} is private to {files[0].name} too; share it through a header, or rename one"
                  for (_, name), files in seen.items() if len(files) > 1)
