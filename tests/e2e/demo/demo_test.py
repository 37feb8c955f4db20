#!/usr/bin/env python3
"""demo_test.py BIN: tools/demo to its end, twice at once, and killed at random moments.

What the host has of mounts, links, namespaces, control groups, tables, loop devices, processes and folders is compared
before and after. Exit 77: this host cannot run the demo, and the reason is printed. TEPHRA_DEMO_KILLS: how many times it
is killed (2); TEPHRA_DEMO_SEED: which moments.
"""

import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(sys.argv[1]).resolve()
DEMO = [str(ROOT / "tools/demo")]
ENVIRONMENT = os.environ | {"TEPHRA_DEMO_BUILT": "1", "NO_COLOR": "1"}
HOME = "/var/tmp/tephra-demo"


def skip(why):
    print("SKIPPED:", why)
    sys.exit(77)


def fail(why, output=""):
    print(output[-6_000:])
    print("FAILED:", why)
    sys.exit(1)


def lines_of(*command):
    return set(subprocess.run(command, capture_output=True, text=True).stdout.splitlines())


def processes():
    """Those that the demo may have started, by their command lines."""
    found = set()
    for folder in pathlib.Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace") if folder.name.isdigit() else ""
        except OSError:
            continue
        if str(BIN) in words.split(" ")[0] or HOME in words or "docker-registry" in words or "demo_images" in words:
            found.add(f"{folder.name} {words}")
    return {each for each in found if not each.startswith(f"{os.getpid()} ")}


def host():
    """Everything that a run could leave behind."""
    groups = {str(folder) for top in ("/sys/fs/cgroup",) for folder, _, _ in os.walk(top)}
    places = {str(p) for p in pathlib.Path("/run").glob("tephra*")} | {str(p) for p in pathlib.Path("/var/tmp").glob("tephra-demo*")}
    return {
        "mounts": {line.split()[4] for line in open("/proc/self/mountinfo")},
        "network namespaces": lines_of("ip", "netns", "list"),
        "links": {line.split(":")[1].strip() for line in lines_of("ip", "-o", "link")},
        "tables": lines_of("nft", "list", "tables"),
        "control groups": groups,
        "loop devices": lines_of("losetup", "-a"),
        "processes": processes(),
        "folders": places,
    }


def nothing_is_left(before, after_what):
    deadline = time.monotonic() + 20  # whoever was told to end may take a moment
    while True:
        now = host()
        left = {what: now[what] - before[what] for what in now if now[what] - before[what]}
        if not left:
            return
        if time.monotonic() > deadline:
            fail(f"after {after_what} the host still has {left}")
        time.sleep(0.5)


def run(*options):
    return subprocess.Popen(DEMO + list(options), cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, start_new_session=True)


def finish(process, what):
    output, _ = process.communicate(timeout=600)
    if process.returncode != 0:
        fail(f"{what} ended with {process.returncode}", output)
    return output


def to_its_end():
    """The whole of it, kept to look around, and a second one that must not disturb it. Returns how long it took."""
    before, begin = host(), time.monotonic()
    first = run("--keep")
    while not pathlib.Path(HOME, "tephra-node.pid").exists():
        if first.poll() is not None:
            fail("the demo ended at once", first.stdout.read())
        time.sleep(0.05)
    for options, says in ([], "another tools/demo runs"), (["clean"], "a demo runs"):
        second = run(*options)
        output, _ = second.communicate(timeout=60)
        if second.returncode == 0 or says not in output or str(first.pid) not in output:
            fail(f"a second tools/demo {options} ended with {second.returncode}", output)
    output = finish(first, "the demo")
    took = time.monotonic() - begin
    for expected in ("starting a chain", "JSON-RPC on ws://127.0.0.1:", "povray: demo/povray@sha256:", "Charleth rents a slot",
                     "where the money went", "burned", "done in"):
        if expected not in output:
            fail(f"the demo does not say '{expected}'", output)
    steps, times = re.findall(r"^==> (?!done)", output, re.M), re.findall(r"^    (?:\d+ min )?[\d.]+ s$", output, re.M)
    if len(times) < len(steps) or len(steps) < 6:
        fail(f"{len(steps)} steps and {len(times)} times", output)
    for result in ("povray", "ocr"):
        if not any((ROOT / "build/demo" / result).iterdir()):
            fail(f"no result of {result}", output)
    look_around(output)
    clean()
    nothing_is_left(before, "a demo that was kept, and tools/demo clean")
    return took


def look_around(output):
    """What the demo says that one may do while it is kept."""
    node = re.search(r"export TEPHRA_NODE=(\S+)", output)
    if not node or f"polkadot.js.org/apps/?rpc={node[1]}" not in output:
        fail("the demo does not say how to look around", output)
    for command in re.findall(rf"^    {re.escape(str(BIN))}/tephra (.*)$", output, re.M):
        done = subprocess.run([BIN / "tephra", *command.split()], env=ENVIRONMENT | {"TEPHRA_NODE": node[1]}, capture_output=True, text=True)
        if done.returncode != 0 or not done.stdout.strip():
            fail(f"tephra {command}: {done.stdout}{done.stderr}", output)


def clean():
    subprocess.run(DEMO + ["clean"], cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)


def killed(after_s, keep):
    before = host()
    process = run(*(["--keep"] if keep else []))
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    clean()
    nothing_is_left(before, f"a demo that was killed after {after_s:.1f} s, and tools/demo clean")


def interrupted(after_s):
    """Ctrl-C: it cleans up by itself."""
    before = host()
    process = run()
    time.sleep(after_s)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=120)
    if process.returncode == 0:
        fail("a demo that was told to end says that all went well", output)
    nothing_is_left(before, f"a demo that was told to end after {after_s:.1f} s")


def main():
    if os.geteuid() != 0:
        skip("real containers need root")
    for tool in ("crun", "umoci", "skopeo", "nft", "jq", "docker-registry", "convert", "ip"):
        if not shutil.which(tool):
            skip(f"{tool} is missing (tools/setup)")
    if pathlib.Path(HOME).exists():
        skip(f"{HOME} is there: a demo runs or was kept; tools/demo clean removes it")
    images = subprocess.run([str(ROOT / "tools/demo_images"), "build"], capture_output=True, text=True)
    if images.returncode != 0:
        skip(f"the images cannot be built here: {images.stderr[-300:]}")
    took = to_its_end()
    print(f"to its end: {took:.0f} s")
    seed = int(os.environ.get("TEPHRA_DEMO_SEED", random.randrange(1 << 30)))
    print(f"TEPHRA_DEMO_SEED={seed}")
    moments = random.Random(seed)
    for i in range(int(os.environ.get("TEPHRA_DEMO_KILLS", 2))):
        after = moments.uniform(0.2, took)
        killed(after, keep=i % 2 == 1)
        print(f"killed after {after:.1f} s: nothing is left")
    after = moments.uniform(1, took * 0.8)
    interrupted(after)
    print(f"told to end after {after:.1f} s: nothing is left")


main()
