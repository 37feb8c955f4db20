"""An #include goes only where CMake's DEPENDS goes, and the folders form no circle.

The build is the only list of allowed edges: `tephra_library(chain_pool DEPENDS chain_execution)` in chain/pool/CMakeLists.txt
says what is linked and what may be included. A pure library may not depend on an IO one.
"""
import pathlib
import re

from checks import tree

LIBRARY = re.compile(r"tephra_(library|executable)\(\s*([\w-]+)([^)]*)\)")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


class Declared:
    """What the CMakeLists.txt of the tree say."""

    def __init__(self, root: pathlib.Path):
        self.direct: dict[str, list[str]] = {}
        self.folder_of: dict[str, str] = {}
        self.is_io: dict[str, bool] = {}
        self.problems: list[str] = []
        for file in tree.files(root, ".txt"):
            if file.name != "CMakeLists.txt" or file.relative_to(root).parts[0] == "tests":
                continue
            for kind, name, rest in LIBRARY.findall(file.read_text()):
                folder = file.parent.relative_to(root).as_posix()
                self.folder_of[name] = folder
                self.is_io[name] = kind == "executable" or bool(re.search(r"\bIO\b", rest.partition("DEPENDS")[0]))
                self.direct[name] = re.findall(r"[\w-]+", rest.partition("DEPENDS")[2].partition("USES")[0])
        self.reach: dict[str, set[str]] = {}
        for name in self.direct:
            self.close(name, [])
        for name, dependencies in self.direct.items():
            for dependency in dependencies:
                if not self.is_io[name] and self.is_io.get(dependency):
                    self.problems.append(f"{self.folder_of[name]}/CMakeLists.txt: {name} is pure and may not depend on {dependency}, "
                                         "which does IO: pass values in, or mark the library IO")

    def close(self, name: str, trail: list[str]) -> set[str]:
        if name in trail:
            self.problems.append("circle: " + " -> ".join(trail[trail.index(name):] + [name]) + ": move what both need below both")
            return set()
        if name not in self.reach:
            reached = {name}
            for dependency in self.direct.get(name, []):
                reached |= self.close(dependency, trail + [name])
            self.reach[name] = reached
        return self.reach[name]

    def allowed(self) -> dict[str, set[str]]:
        return {self.folder_of[n]: {self.folder_of[d] for d in reach if d in self.folder_of} for n, reach in self.reach.items()}


def problems(root: pathlib.Path) -> list[str]:
    declared = Declared(root)
    found, allowed = declared.problems, declared.allowed()
    by_length = sorted(allowed, key=len, reverse=True)

    def home_of(path: str) -> str | None:
        return next((folder for folder in by_length if path.startswith(folder + "/")), None)

    for file in tree.files(root, ".hpp", ".cpp", ".cu"):
        relative = file.relative_to(root).as_posix()
        home = home_of(relative)
        for number, line in enumerate(file.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            target = match[1]
            if not (root / target).exists():
                continue  # generated, or relative to a generated folder
            if home is None:
                continue  # tests may include all
            there = home_of(target)
            if target.startswith("tests/"):
                found.append(f"{tree.place(root, file, number)}: tests are included by none; move {target} out of tests/")
            elif there and there not in allowed[home]:
                found.append(f"{tree.place(root, file, number)}: {home} may not include {there}; add it to DEPENDS if the "
                             "architecture allows it, or move the declaration down")
    return found
