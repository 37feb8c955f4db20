"""What breaks determinism is banned where the state transition and the agreement live; what ages badly is banned in comments."""
import pathlib
import re

from checks import tree

DETERMINISTIC = ("runtime/", "consensus/core/", "consensus/safety/", "consensus/replica/", "chain/codec/", "chain/trie/", "chain/block/", "chain/state/", "chain/pool/")
# tools that only print, and the shells' measuring sticks, are not part of the transition
WORDS = [
    (r"\bunordered_(map|set|multimap|multiset)\b", "iteration order differs between machines: use std::map or a sorted vector"),
    (r"\b(float|double)\b", "floats differ between machines: use integers or fixed point"),
    (r"\bstd::chrono::(system|steady|high_resolution)_clock\b|\btime\(nullptr\)|\bgettimeofday\b|\bclock_gettime\b",
     "there is no clock here: take the time as an argument"),
    (r"\brandom_device\b|\bmt19937\w*\b|\brand\(\)", "there is no randomness here: take a seed as an argument"),
    (r"\bstd::locale\b|\bstd::to_string\(|\bstd::stoi\b|\bsetlocale\b", "depends on the locale or hides overflow: use chain/base/numbers.hpp"),
    (r"\bthrow\b|\btry\s*\{", "no exceptions here: return a Result"),
    (r"\bstd::(thread|mutex|async|atomic)\b", "no threads here: the shell owns them"),
    (r"\b(ifstream|ofstream|fopen|std::filesystem)\b", "no files here: take bytes as an argument"),
    (r"\bstd::hash\b", "differs between libraries: use chain/crypto/hash.hpp"),
]
ALLOWED = {"chain/pool/": ("unordered",)}
HISTORY = re.compile(r"//.*\b(no longer|previously|used to be|for now|formerly|TODO(?!\(#\d+\))|FIXME|XXX)\b", re.I)


def problems(root: pathlib.Path) -> list[str]:
    found = []
    for file in tree.files(root, ".hpp", ".cpp", ".cu"):
        relative = file.relative_to(root).as_posix()
        text = file.read_text()
        for number, line in enumerate(text.splitlines(), 1):
            match = HISTORY.search(line)
            if match:
                found.append(f"{relative}:{number}: '{match[1]}' in a comment ages badly: say what is, or name an issue as TODO(#n)")
        if not relative.startswith(DETERMINISTIC):
            continue
        for number, line in enumerate(tree.without_comments(text).splitlines(), 1):
            for pattern, remedy in WORDS:
                match = re.search(pattern, line)
                if match:
                    found.append(f"{relative}:{number}: '{match[0].strip()}' is banned here: {remedy}")
    return found
