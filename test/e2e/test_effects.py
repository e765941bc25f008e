# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Effects in their order, whatever the control flow around them: what programs print, warn of and raise, against TorchScript.

  test_effects.py [--match RE]
"""
import re
import subprocess
import sys
import warnings
from functools import partial
from typing import List, Tuple

import torch

import harness


def print_then_raise(x: torch.Tensor, n: int) -> torch.Tensor:
    print("begin")
    if bool(x.sum() > 0):
        print("positive")
        if n > 2:
            print("raises")
            raise ValueError("n is large")
        print("goes on")
    print("end")
    return x + n


def first_effect_raises(x: torch.Tensor, n: int) -> torch.Tensor:
    if n < 0:
        raise ValueError("n is negative")
    if n > 2:
        print("too large")
        raise RuntimeError("n is too large")
    if n == 1:
        if bool(x.sum() > 0):
            print("one")
        y = x * 2
    else:
        assert n != 7, "not 7"
        y = x
    print("end")
    return y + n


def both_sides_raise(x: torch.Tensor, n: int) -> torch.Tensor:
    print("begin")
    if n > 0:
        if bool(x.sum() > 0):
            print("first")
            raise ValueError("first")
        else:
            print("second")
            raise RuntimeError("second")
    print("end")
    return x


def raise_in_a_loop(x: torch.Tensor, n: int) -> torch.Tensor:
    for i in range(n):
        print(i)
        if bool(x.sum() > i):
            print("found", i)
            if i > 1:
                raise ValueError("in a loop")
        x = x - 1
    print("done")
    return x


def early_returns(x: torch.Tensor, n: int) -> torch.Tensor:
    print("a")
    if bool(x.sum() > 0):
        print("b")
        if n > 1:
            print("c")
            return x
        print("d")
    else:
        if n > 1:
            return x - 1
        print("e")
    print("f")
    return x + 1


def breaks(x: torch.Tensor, n: int) -> torch.Tensor:
    i = 0
    while i < n:
        i += 1
        print("turn", i)
        if bool(x.sum() > 3):
            print("skips")
            x = x - 2
            continue
        x = x + 1
        if bool(x.sum() > 2):
            print("breaks")
            break
    print("after", i)
    return x


def nested_loops(x: torch.Tensor, n: int) -> torch.Tensor:
    for i in range(n):
        for j in range(i):
            if bool(x.sum() > j):
                print("x", i, j)
            else:
                print("y", i, j)
                x = x + 1
        print("row", i)
    return x


def helper(x: torch.Tensor, word: str) -> torch.Tensor:
    print(word)
    if bool(x.sum() < 0):
        print("negative", word)
    return x * 2


def calls(x: torch.Tensor, n: int) -> torch.Tensor:
    y = helper(x, "one")
    if n > 0:
        y = helper(y, "two")
    return helper(y - 1, "three")


def text_known_later(x: torch.Tensor, n: int) -> torch.Tensor:
    print("static")
    print(n, x.size(0))
    if n > 1:
        print("sum", float(x.sum()))
    print("static again")
    return x


def unused_results(x: torch.Tensor, n: int) -> int:
    y = x
    for i in range(n):
        y = y + 1
        print("turn")
    return n


def asserts(x: torch.Tensor, n: int) -> torch.Tensor:
    print("before")
    assert n < 3, "n is too large"
    print("between")
    assert bool(x.sum() < 100), "x is too large"
    print("after")
    return x


def warns(x: torch.Tensor, n: int) -> torch.Tensor:
    for i in range(n):
        warnings.warn("in a loop")
    if bool(x.sum() > 0):
        warnings.warn("positive")
    return x


X = torch.arange(6.0).reshape(2, 3) / 4
CALLS = [(X, 0), (X, 1), (X, 3), (-X, 1), (-X, 3), (X + 50, 2), (X - 1, 5)]
PROGRAMS = [print_then_raise, first_effect_raises, both_sides_raise, raise_in_a_loop, early_returns, breaks, nested_loops, calls, text_known_later,
            unused_results, asserts]


def expected(program, args):
    """What the scripted program gives, and what it printed until then."""
    with harness.Captured() as captured:
        try:
            result, error = program(*args), None
        except Exception as e:  # of TorchScript, with the Python error's name in its last line
            result, error = None, str(e).strip().splitlines()[-1]
    return result, error, captured.text


def agrees(function, options, folder):
    program = torch.jit.script(function)
    program.save(str(folder / "m.pt"))
    so = folder / "m.so"
    for i, args in enumerate(CALLS):
        case = harness.write_case(folder / f"c{i}", args)
        if i == 0:
            harness.compile(folder / "m.pt", so, case, *options)
        want, error, text = expected(program, args)
        out = folder / f"c{i}" / "out"
        out.mkdir()
        harness.call([harness.INGOT_RUN, so, "--case", case, "--out", out])
        answer = harness.json.loads((out / "out.json").read_text())
        if answer.get("stdout", "") != text:
            return f"call {i}: printed {answer.get('stdout', '')!r}, expected {text!r}"
        raised = answer.get("raises")
        if bool(raised) != bool(error) or (error and raised["message"] not in error):
            return f"call {i}: raised {raised}, expected {error!r}"
        if raised:
            continue
        got = harness.read_value(answer["outputs"], (out / "out.bin").read_bytes() if (out / "out.bin").exists() else b"")
        if problem := harness.compare(got, want, harness.to_double(want)):
            return f"call {i}: {problem}"
    return None


def warnings_once(folder):
    torch.jit.script(warns).save(str(folder / "m.pt"))
    so = harness.compile(folder / "m.pt", folder / "m.so", harness.write_case(folder / "c", (X, 3)))
    p = subprocess.run([str(a) for a in (harness.INGOT_RUN, so, "--case", folder / "c", "--repeat", 3, "--json")], capture_output=True, text=True)
    lines = [line for line in p.stderr.splitlines() if "UserWarning" in line]
    if p.returncode or len(lines) != 2:
        return f"rc {p.returncode}, stderr {p.stderr!r}"
    wanted = [r"^test_effects\.py:\d+: UserWarning: in a loop$", r"^test_effects\.py:\d+: UserWarning: positive$"]
    return next((f"{w} expected, got {line!r}" for w, line in zip(wanted, lines) if not re.search(w, line)), None)


def resumes_lifted(folder):
    """The graph with its tokens as arguments and results is an input too."""
    torch.jit.script(nested_loops).save(str(folder / "m.pt"))
    case = harness.write_case(folder / "c", (X, 3))
    texts = []
    for form in ("lifted", "unlifted"):
        text, so = folder / f"{form}.mlir", folder / f"{form}.so"
        harness.call([harness.INGOTC, folder / "m.pt", "--case", case, "--stop-after=normalize", f"--tokens={form}", "-o", text])
        lifted = "graph.token = \"ordered\"" in text.read_text()
        if lifted != (form == "lifted"):
            return f"the tokens are not {form}"
        harness.call([harness.INGOTC, text, "-o", so])
        texts.append(harness.run(so, case, folder / form)[1]["stdout"])
    want = expected(torch.jit.script(nested_loops), (X, 3))[2]
    return None if texts == [want, want] else f"{texts} printed, expected {want!r} twice"


if __name__ == "__main__":
    tests = [(f"{p.__name__} {' '.join(o)}", partial(agrees, p, o)) for p in PROGRAMS for o in ([], ["-O0"])]
    sys.exit(harness.main(tests + [("warnings, once per site", warnings_once), ("lifted text resumes", resumes_lifted)]))
