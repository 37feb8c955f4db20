"""tools/setup on a machine of its own: apt, dpkg, sudo and node are small stand-ins that write down what was asked of them."""
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = [line.split("#")[0].strip() for line in (ROOT / "tools/packages.txt").read_text().splitlines()]
PACKAGES = [name for name in PACKAGES if name]

COMMANDS = {
    # dpkg-query -W -f '${db:Status-Status}' PACKAGE
    "dpkg-query": 'grep -qx -- "${@: -1}" "$MACHINE/installed" && printf installed',
    "apt-get": """
        echo "$*" >> "$MACHINE/log"
        [[ "$*" != *--simulate* ]] || { cat "$MACHINE/plan" 2>/dev/null; exit 0; }
        [ "$1" = install ] || exit 0
        shift
        while [ $# -gt 0 ]; do case $1 in -o) shift ;; -*) ;; *) echo "$1" >> "$MACHINE/installed" ;; esac; shift; done""",
    "id": 'cat "$MACHINE/uid"',
    "node": 'cat "$MACHINE/node"',
    "npm": "true",
}
# Files of the host stay as they are.
SUDO = 'case $1 in -n) ;; env | apt-get) exec "$@" ;; tee) cat >/dev/null ;; esac'


class Machine:
    def __init__(self, folder: str, uid: int = 1000, sudo: bool = True, node: str = "v20.1.0", lacks=()):
        self.folder = pathlib.Path(folder)
        self.lacks = list(lacks)
        (self.folder / "bin").mkdir()
        for name, body in (COMMANDS | ({"sudo": SUDO} if sudo else {})).items():
            self.write(f"bin/{name}", f"#!/bin/bash\n{body}\n").chmod(0o755)
        for name in ("bash", "sed", "tr", "cat", "grep", "dirname", "env", "rm", "tee", "chmod"):
            (self.folder / "bin" / name).symlink_to(next(p for p in (f"/usr/bin/{name}", f"/bin/{name}") if os.path.exists(p)))
        self.write("installed", "\n".join(name for name in PACKAGES if name not in self.lacks) + "\n")
        self.write("uid", f"{uid}\n")
        self.write("node", f"{node}\n")
        self.write("log", "")

    def write(self, name: str, text: str) -> pathlib.Path:
        (self.folder / name).write_text(text)
        return self.folder / name

    def setup(self, *arguments: str) -> subprocess.CompletedProcess:
        environment = {"PATH": str(self.folder / "bin"), "MACHINE": str(self.folder), "NO_COLOR": "1"}
        return subprocess.run(["/bin/bash", str(ROOT / "tools/setup"), *arguments], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)

    def installs(self) -> list[str]:
        return [line for line in (self.folder / "log").read_text().splitlines() if "install" in line and "--simulate" not in line]


class Setup(unittest.TestCase):
    def machine(self, **options) -> Machine:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Machine(folder.name, **options)

    def test_what_is_missing_is_installed_without_recommends_and_nothing_else(self):
        machine = self.machine(lacks=["crun", "jq"])
        run = machine.setup()
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("missing: crun jq", run.stdout)
        [install] = machine.installs()
        self.assertIn("--no-install-recommends", install)
        self.assertEqual([word for word in install.split() if word in PACKAGES], ["crun", "jq"])

    def test_it_works_twice(self):
        machine = self.machine(lacks=["crun"])
        self.assertEqual(machine.setup().returncode, 0)
        again = machine.setup()
        self.assertEqual(again.returncode, 0, again.stdout)
        self.assertIn("every package is there", again.stdout)
        self.assertEqual(len(machine.installs()), 1)

    def test_without_root_it_stops_with_the_exact_commands(self):
        machine = self.machine(sudo=False, lacks=["crun", "jq"])
        run = machine.setup()
        self.assertEqual(run.returncode, 1)
        self.assertIn("installing needs root", run.stdout)
        self.assertIn("\n    apt-get update\n    apt-get install --no-install-recommends crun jq\n", run.stdout)
        self.assertEqual(machine.installs(), [])

    def test_without_root_nothing_is_said_where_nothing_is_missing(self):
        run = self.machine(sudo=False).setup()
        self.assertEqual((run.returncode, run.stdout), (0, "==> every package is there\n"))

    def test_removals_are_shown_and_need_a_yes(self):
        machine = self.machine(lacks=["crun"])
        machine.write("plan", "Inst crun (1.8)\nRemv old-runtime [1.0]\n")
        run = machine.setup()
        self.assertEqual(run.returncode, 1)
        self.assertIn("this would REMOVE: old-runtime", run.stdout)
        self.assertIn("tools/setup --yes", run.stdout)
        self.assertEqual(machine.installs(), [])
        self.assertEqual(machine.setup("--yes").returncode, 0)
        self.assertEqual(len(machine.installs()), 1)

    def test_debians_node_is_taken_only_where_there_is_no_node_18(self):
        self.assertIn("every package is there", self.machine(node="v18.0.0").setup().stdout)
        self.assertIn("missing: nodejs npm", self.machine(node="v16.20.2").setup("--check").stdout)

    def test_check_only_says_what_is_missing(self):
        machine = self.machine(lacks=["jq"])
        run = machine.setup("--check")
        self.assertEqual((run.returncode, machine.installs()), (1, []))
        self.assertIn("missing: jq", run.stdout)


unittest.main()
