"""tests/unit mirrors the tree: tests/unit/a/b_test.cpp tests a/b.hpp or a/b.cpp, or is one of several pages about it (b_x_test.cpp)."""
import pathlib

from checks import tree


def tested(root: pathlib.Path, folder: pathlib.Path, stem: str) -> bool:
    """Some prefix of the stem, cut at an underscore, is a file of the folder; a page about the whole folder bears its name."""
    parts = stem.split("_")
    names = ["_".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return any((root / folder / f"{name}{suffix}").exists() for name in names for suffix in (".hpp", ".cpp", ".proto", ""))  \
        or any(name == folder.name for name in names)


def problems(root: pathlib.Path) -> list[str]:
    found, unit = [], root / "tests" / "unit"
    for file in tree.files(root, ".cpp"):
        if unit not in file.parents:
            continue
        relative = file.relative_to(unit)
        if not file.stem.endswith("_test"):
            if not (file.with_suffix(".hpp").exists()):
                found.append(f"{tree.place(root, file)}: a file in tests/unit is called x_test.cpp, or is a helper with its own header")
            continue
        if not tested(root, relative.parent, file.stem.removesuffix("_test")):
            found.append(f"{tree.place(root, file)}: {relative.parent}/{file.stem.removesuffix('_test')}.hpp does not exist; name the test "
                         "after what it tests")
    return found
