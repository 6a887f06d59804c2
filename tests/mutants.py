#!/usr/bin/env python3
"""Which changes of one token in a room of src/ do the room's own tests let live?

usage: tests/mutants.py [options] ROOM [FILE...]

Makes mutants of src/ROOM/*.cpp and *.hpp (or of the files named) in a copy of the tree, builds test-ROOM with
each and runs it until something fails. A mutant that lives is a defect that the tests would not see, or one that
changes nothing that anybody can see (equivalent): somebody has to look.

  --count N   how many, drawn at random from all there are (18)
  --seed S    of the drawing (1)
  --list      only say which there are
  --copy DIR  where the copy and its build stand, kept for the next run (build/mutants)

Exit status: 0 no mutant lived, 1 some did, 2 it could not be run.
"""

import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent

# What a token becomes. The blanks keep templates (<, >), pointers and signs out.
SWAPS = [
    (r" == ", " != "), (r" != ", " == "),
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "),
    (r" && ", " || "), (r" \|\| ", " && "),
    (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " + "), (r" / ", " * "),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"(?<=[( ])!(?=[a-z(])", ""),
    (r"\b0\b", "1"), (r"\b1\b", "2"), (r"\b2\b", "3"),
    (r"\bcontinue;", ";"), (r"\bbreak;", ";"),
    (r"std::max\b", "std::min"), (r"std::min\b", "std::max"),
    (r"\+\+", "--"),
]


def code_of(line):
    """The line with texts and comments blanked out, so that places stay as they are."""
    line = re.sub(r'"(\\.|[^"\\])*"', lambda text: '"' + "~" * (len(text[0]) - 2) + '"', line)
    return re.sub(r"//.*", lambda comment: "~" * len(comment[0]), line)


def mutants_of(file):
    found = []
    for number, line in enumerate(file.read_text().splitlines()):
        code = code_of(line)
        if re.match(r"\s*(#|template\b|using\b|namespace\b|static_assert\b)", code):
            continue
        for pattern, other in SWAPS:
            for match in re.finditer(pattern, code):
                changed = line[: match.start()] + other + line[match.end():]
                found.append((file, number, line, changed))
    return found


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def prepare(copy, room):
    tree = copy / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    listed = run(["git", "ls-files", "-co", "--exclude-standard"], cwd=SOURCE, check=True).stdout.split("\n")
    for name in filter(None, listed):
        if not (SOURCE / name).is_file():
            continue
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(SOURCE / name, tree / name)
    configured = run(["cmake", "-S", tree, "-B", copy / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"])
    if configured.returncode != 0 or not built(copy, room):
        sys.exit(f"{room}: the tree without a mutant does not build, or has no test-{room}")
    if not passes(copy, room, 3600):
        sys.exit(f"{room}: the tests fail without a mutant")
    return tree


def built(copy, room):
    return run(["cmake", "--build", copy / "build", "--target", f"test-{room}"]).returncode == 0


def passes(copy, room, seconds):
    try:
        return run([copy / "build/tests" / f"test-{room}", "--abort-after=1"], timeout=seconds).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def fate(copy, tree, room, mutant):
    file, number, line, changed = mutant
    target = tree / file.relative_to(SOURCE)
    lines = target.read_text().splitlines(keepends=True)
    original = lines[number]
    lines[number] = original.replace(line, changed)
    target.write_text("".join(lines))
    try:
        if not built(copy, room):
            return "does not compile"
        return "LIVES" if passes(copy, room, 1200) else "killed"
    finally:
        lines[number] = original
        target.write_text("".join(lines))


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1].removeprefix("usage: "), add_help=True)
    parser.add_argument("room")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=18)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--copy", type=pathlib.Path, default=SOURCE / "build/mutants")
    options = parser.parse_args()
    folder = SOURCE / "src" / options.room
    if not folder.is_dir():
        sys.exit(f"there is no room {options.room} in src/")
    files = [file.resolve() for file in options.files] or sorted(folder.glob("*.?pp"))
    mutants = [mutant for file in files for mutant in mutants_of(file)]
    random.Random(options.seed).shuffle(mutants)
    said = lambda mutant: f"{mutant[0].relative_to(SOURCE)}:{mutant[1] + 1}: {mutant[3].strip()}"
    if options.list:
        print("\n".join(map(said, mutants)))
        return 0
    tree = prepare(options.copy.resolve(), options.room)
    fates = []
    for mutant in mutants:
        if sum(fate != "does not compile" for fate in fates) == options.count:
            break
        fates.append(fate(options.copy.resolve(), tree, options.room, mutant))
        print(f"{fates[-1]:17} {said(mutant)}", flush=True)
    lived = fates.count("LIVES")
    print(f"{options.room}: {lived} of {lived + fates.count('killed')} lived")
    return 1 if lived else 0


if __name__ == "__main__":
    sys.exit(main())
