"""clang-format-19 would change nothing."""
import pathlib
import subprocess

from checks import tree


def problems(root: pathlib.Path) -> list[str]:
    found = []
    files = tree.files(root, ".hpp", ".cpp", ".cu")
    for start in range(0, len(files), 50):
        batch = [str(f) for f in files[start:start + 50]]
        run = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *batch], capture_output=True, text=True, cwd=root)
        found += [line.replace(str(root) + "/", "").split(": error:")[0] + ": run tools/format"
                  for line in run.stderr.splitlines() if "error:" in line]
    return sorted(set(found))
