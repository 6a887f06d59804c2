"""The exact field beside two others, on the same files: seconds of processor time, the least of some runs.

Usage: exact_field.py ATTENTION_BY_HAND CALCIUM_ATTENTION

All are whole processes. derive writes every step in closed form and with 50 digits; check grades all of its
decimals; Calcium goes forward and backward in closed form; SymPy evaluates dX to 50 digits from its formulas.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile

PATIENCE = 60  # seconds for one process
RUNS = 5

TOKENS = {"whole": "1 0 2 ; 0 1 1 ; 2 1 0 ; 1 1 1", "one decimal": "1.3 0.2 2.1 ; 0.4 1.1 0.7 ; 2.3 1.2 0.6 ; 1.7 0.9 1.4"}
ONE_HEAD = {
    "whole": ("1 0 1 ; 0 1 1 ; 1 1 0", "0 1 1 ; 1 0 1 ; 1 1 0", "1 1 0 ; 0 1 1 ; 1 0 1", "1 0 1 ; 0 1 2 ; 1 1 0 ; 2 0 1"),
    "one decimal": (
        "0.7 0.1 1.2 ; 0.3 1.1 0.9 ; 1.3 0.8 0.2",
        "0.2 1.1 0.7 ; 1.4 0.3 0.6 ; 0.9 1.2 0.1",
        "1.1 0.7 0.3 ; 0.2 1.3 0.8 ; 0.6 0.4 1.2",
        "1.2 0.4 1.3 ; 0.1 1.7 2.4 ; 1.2 1.9 0.3 ; 2.6 0.7 1.9",
    ),
}
TWO_HEADS = {
    "whole": (
        "1 0 1 0 ; 0 1 1 1 ; 1 1 0 1",
        "0 1 1 1 ; 1 0 1 0 ; 1 1 0 2",
        "1 1 0 1 ; 0 1 1 0 ; 1 0 1 2",
        "1 0 1 1 ; 0 1 2 0 ; 1 1 0 1 ; 2 0 1 2",
    ),
    "one decimal": (
        "0.7 0.1 1.2 0.4 ; 0.3 1.1 0.9 0.2 ; 1.3 0.8 0.2 1.1",
        "0.2 1.1 0.7 1.3 ; 1.4 0.3 0.6 0.2 ; 0.9 1.2 0.1 0.8",
        "1.1 0.7 0.3 0.9 ; 0.2 1.3 0.8 0.1 ; 0.6 0.4 1.2 0.7",
        "1.2 0.4 1.3 0.6 ; 0.1 1.7 2.4 0.3 ; 1.2 1.9 0.3 1.1 ; 2.6 0.7 1.9 0.8",
    ),
}
KINDS = {"no mask": (ONE_HEAD, ""), "causal": (ONE_HEAD, "mask = causal\n"), "two heads": (TWO_HEADS, "heads = 2\n")}


def sheet(kind, numbers):
    weights, settings = KINDS[kind]
    names = ("X", "W_Q", "W_K", "W_V", "dY")
    givens = zip(names, (TOKENS[numbers],) + weights[numbers])
    return "```paper\n" + settings + "".join(f"{name} = [ {entries} ]\n" for name, entries in givens) + "```\n"


def filled_in(program, file):
    """The worksheet of a file, with the decimals of its derivation as answers."""
    derived = json.loads(subprocess.run([program, "derive", "--format", "json", file], capture_output=True, check=True).stdout)
    steps = {step["name"]: step["decimal"] for step in derived["examples"][0]["steps"] if step["kind"] == "step"}
    given = open(file).read().rstrip().removesuffix("```")
    rows = lambda step: " ; ".join(" ".join(row) for row in step)
    asked = subprocess.run([program, "worksheet", file], capture_output=True, check=True, text=True).stdout
    answers = [f"{name} = [ {rows(step)} ]\n" for name, step in steps.items() if f"\n{name} " in asked]
    return given + "".join(answers) + "```\n"


def seconds(command):
    least = None
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return None
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            raise SystemExit(f"{command}: status {done.returncode}\n{done.stdout[-2000:].decode()}{done.stderr.decode()}")
        took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        least = took if least is None else min(least, took)
        if took > PATIENCE / RUNS:
            break
    return least


def sympy_gradient(file):
    """Runs as a process of its own: dX of the file's example, to 50 digits."""
    from sympy import Matrix, Rational, exp, sqrt, zeros

    text = open(file).read().split("\n")
    settings = dict(line.split(" = ", 1) for line in text if " = " in line)
    given = {
        name: Matrix([[Rational(entry) for entry in row.split()] for row in entries.strip("[ ]").split(";")])
        for name, entries in settings.items()
        if entries.startswith("[")
    }
    heads = int(settings.get("heads", 1))
    X, dY = given["X"], given["dY"]
    T = X.rows
    dX = zeros(T, X.cols)
    for h in range(heads):
        W_Q, W_K, W_V = (
            given[name][:, h * given[name].cols // heads : (h + 1) * given[name].cols // heads] for name in ("W_Q", "W_K", "W_V")
        )
        Q, K, V = X * W_Q, X * W_K, X * W_V
        dY_h = dY[:, h * V.cols : (h + 1) * V.cols]
        Z = Q * K.T / sqrt(Q.cols)
        shown = (lambda i, j: j <= i) if settings.get("mask") == "causal" else (lambda i, j: True)
        E = Matrix(T, T, lambda i, j: exp(Z[i, j]) if shown(i, j) else 0)
        A = Matrix(T, T, lambda i, j: E[i, j] / sum(E[i, :]))
        dA = dY_h * V.T
        dZ = Matrix(T, T, lambda i, j: A[i, j] * (dA[i, j] - sum(A[i, k] * dA[i, k] for k in range(T))))
        dS = dZ / sqrt(Q.cols)
        dX += dS * K * W_Q.T + dS.T * Q * W_K.T + A.T * dY_h * W_V.T
    print(dX.evalf(50))


def has_sympy():
    return subprocess.run([sys.executable, "-c", "import sympy"], capture_output=True).returncode == 0


def said(took):
    return f"{took:9.3f}" if took is not None else f"    > {PATIENCE}"


def main(program, calcium):
    print(f"{'':24}   derive    check  Calcium    SymPy  derive/Calcium  check/derive")
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            for numbers in TOKENS:
                file, answers = os.path.join(folder, "givens.md"), os.path.join(folder, "answers.md")
                open(file, "w").write(sheet(kind, numbers))
                open(answers, "w").write(filled_in(program, file))
                derive = seconds([program, "derive", "--digits", "50", "--format", "json", file])
                check = seconds([program, "check", answers])
                other = seconds([calcium, file])
                sympy = seconds([sys.executable, __file__, "sympy", file]) if has_sympy() else None
                ratio = f"{derive / other:16.2f}" if other else f"{'':>16}"
                print(f"{kind + ', ' + numbers:24}{said(derive)}{said(check)}{said(other)}{said(sympy)}{ratio}{check / derive:14.2f}", flush=True)


if sys.argv[1] == "sympy":
    sympy_gradient(sys.argv[2])
else:
    main(sys.argv[1], sys.argv[2])
