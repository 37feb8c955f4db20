"""Every header compiles alone, twice in a row: the build's check-headers target."""
import pathlib
import subprocess


def problems(root: pathlib.Path) -> list[str]:
    if not (root / "build" / "dev" / "build.ninja").exists():
        return ["build/dev is not configured: run tools/build first"]
    built = subprocess.run(["ninja", "-C", str(root / "build" / "dev"), "check-headers"], capture_output=True, text=True)
    if built.returncode == 0:
        return []
    errors = [line for line in built.stdout.splitlines() if "error:" in line]
    return [f"{line}: include what the header uses" for line in errors] or [built.stdout[-2000:] + built.stderr[-500:]]
