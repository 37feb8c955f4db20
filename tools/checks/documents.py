"""Each top folder says what lives there in a README of at most 40 lines; names in documents that look like paths exist."""
import pathlib
import re

from checks import tree

LINES_MAX = 40
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
PATH = re.compile(r"`((?:%s)/[\w./-]*[\w/])`" % "|".join(tree.TOP_FOLDERS + ("docs",)))


def problems(root: pathlib.Path) -> list[str]:
    found = []
    for folder in tree.TOP_FOLDERS:
        readme = root / folder / "README.md"
        if not (root / folder).exists():
            continue
        if not readme.exists():
            found.append(f"{folder}/README.md is missing: say what lives here and what it may include")
        elif len(readme.read_text().splitlines()) > LINES_MAX:
            found.append(f"{folder}/README.md: more than {LINES_MAX} lines; the rest belongs to ARCHITECTURE.md or docs/")
    for document in [root / name for name in DOCUMENTS] + [root / f / "README.md" for f in tree.TOP_FOLDERS]:
        if not document.exists():
            continue
        for number, line in enumerate(document.read_text().splitlines(), 1):
            for path in PATH.findall(line):
                if not (root / path).exists():
                    found.append(f"{tree.place(root, document, number)}: {path} does not exist")
    return found
