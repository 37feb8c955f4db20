"""The files of a tree that are ours and hold code."""
import pathlib
import subprocess

SKIPPED = {"build", "node_modules", ".git", ".cache"}
TOP_FOLDERS = ("chain", "runtime", "consensus", "gpu-worker", "rpc", "tests", "genesis", "tools")


def files(root: pathlib.Path, *suffixes: str) -> list[pathlib.Path]:
    """Files below `root` with one of these suffixes, as git sees them where it can: tracked, or new and not ignored."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        paths = [root / line for line in listed.stdout.splitlines()]
    else:
        paths = [p for p in root.rglob("*") if not SKIPPED & set(p.relative_to(root).parts)]
    return sorted(p for p in paths if p.is_file() and p.suffix in suffixes)


def place(root: pathlib.Path, path: pathlib.Path, line: int | None = None) -> str:
    return f"{path.relative_to(root)}" + (f":{line}" if line else "")


def without_comments(text: str) -> str:
    """C++ text with comments and string literals blanked, line numbers kept."""
    out, i, n = [], 0, len(text)
    while i < n:
        two = text[i:i + 2]
        if two == "//":
            end = text.find("\n", i)
            i = n if end < 0 else end
        elif two == "/*":
            end = text.find("*/", i)
            end = n if end < 0 else end + 2
            out.append("\n" * text.count("\n", i, end))
            i = end
        elif text[i] == '"' and text[i - 1:i] not in ("R",):
            end = i + 1
            while end < n and text[end] not in '"\n':
                end += 2 if text[end] == "\\" else 1
            out.append('""')
            i = end + 1
        else:
            out.append(text[i])
            i += 1
    return "".join(out)
