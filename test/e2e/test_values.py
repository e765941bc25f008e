# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lists, dicts, strings and optionals that are known at run time only: one library serves any lengths, keys and texts.

  test_values.py [--match RE]

Every method is called with several arguments and compared with PyTorch: values, types of numbers, and whether it raises
with the same text.
"""
import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

import harness


class Values(torch.nn.Module):
    # Lists of numbers.
    @torch.jit.export
    def grow(self, x: List[int]):
        x.append(3)
        x.insert(1, -7)
        x.extend([len(x), 2])
        return len(x), x

    @torch.jit.export
    def items(self, x: List[int], i: int):
        x[i] = x[0] * 10 + x[-1]
        return x[i], x

    @torch.jit.export
    def removal(self, x: List[int], i: int, v: int):
        a = x.pop()
        b = x.pop(i)
        x.remove(v)
        return a, b, x

    @torch.jit.export
    def deletion(self, x: List[float], i: int):
        del x[i]
        x.reverse()
        return x

    @torch.jit.export
    def slices(self, x: List[int], a: int, b: int):
        return x[a:b], x[a:], x[:b], x[::2], x[b:a:2], x[:], x[-2:]

    @torch.jit.export
    def sums(self, x: List[int], y: List[float]):
        return sum(x), sum(y), min(x), max(y), len(x), any(x), all(x)

    @torch.jit.export
    def search(self, x: List[int], v: int):
        return x.count(v), v in x, x == [1, 2, 3], x != x, x.index(v)

    @torch.jit.export
    def sorting(self, x: List[int], y: List[float], z: List[str]):
        x.sort()
        y.sort(reverse=True)
        return x, y, sorted(z)

    @torch.jit.export
    def joined(self, x: List[int], y: List[int], n: int):
        return x + y, x * n, x.copy(), [n] + x, min(x, y), max(x, y)

    @torch.jit.export
    def made(self, a: int, b: float, c: bool):
        return [a, a + 1], [b], [c, not c], [1, 2, 3][a], ["x", "y", "z"][a]

    @torch.jit.export
    def cleared(self, x: List[bool]):
        y = x.copy()
        x.clear()
        return x, y, len(y)

    @torch.jit.export
    def unpacked(self, x: List[int]):
        a, b, c = x
        return a - b + c

    @torch.jit.export
    def same_list(self, x: List[int], y: List[int]):
        x.append(1)
        return x is y, len(y)

    # Strings.
    @torch.jit.export
    def cases(self, s: str):
        return s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), len(s)

    @torch.jit.export
    def classes(self, s: str):
        return [s.isalpha(), s.isalnum(), s.isdigit(), s.isspace(), s.isupper(), s.islower(), s.istitle(), s.isprintable(),
                s.isidentifier(), s.isdecimal(), s.isnumeric()]

    @torch.jit.export
    def strips(self, s: str, c: str):
        return s.strip(), s.lstrip(), s.rstrip(), s.strip(c), s.lstrip(c), s.rstrip(c)

    @torch.jit.export
    def pads(self, s: str, n: int):
        return s.center(n), s.center(n, "*"), s.ljust(n, "-"), s.rjust(n), s.zfill(n), s.expandtabs(n)

    @torch.jit.export
    def finds(self, s: str, t: str, a: int, b: int):
        return [s.find(t), s.rfind(t), s.find(t, a), s.find(t, a, b), s.count(t), s.count(t, a, b)], s.startswith(t), s.endswith(t)

    @torch.jit.export
    def indexed(self, s: str, t: str):
        return s.index(t), s.rindex(t)

    @torch.jit.export
    def splits(self, s: str, t: str):
        return s.split(), s.split(t), s.split(t, 1), s.rsplit(t, 1), s.splitlines(), s.partition(t), s.rpartition(t)

    @torch.jit.export
    def parts(self, s: str, i: int, a: int, b: int):
        return s[i], s[a:b], s[::-1], s[a:], s[:b], list(s)[0]

    @torch.jit.export
    def joins(self, s: str, x: List[str]):
        return s.join(x), "-".join(x), s + x[0], s.replace("a", "bb"), s.replace("a", "b", 1)

    @torch.jit.export
    def compared(self, s: str, t: str):
        return s == t, s != t, s < t, s <= t, s > t, s >= t, s == "abc"

    @torch.jit.export
    def formats(self, s: str, i: int, f: float, b: bool, x: List[int]):
        return f"{s} {i} {f} {b} {x}", "{} and {}".format(s, i), str(i) + str(f) + str(b) + str(x), "%s %d %f %s" % (s, i, f, b)

    @torch.jit.export
    def shown(self, x: List[float], y: List[str], t: Tuple[int, str], d: Dict[str, float], c: List[bool]):
        return str(x), str(y), str(t), str(d), str(c)

    @torch.jit.export
    def codes(self, i: int, s: str):
        return chr(i), ord(s), hex(i), oct(i), bin(i), hex(-i)

    @torch.jit.export
    def numbers(self, s: str, t: str):
        return int(s), float(t)

    @torch.jit.export
    def chosen(self, s: str, i: int):
        r = "none"
        if i > 3:
            r = s
        return r + "!"

    @torch.jit.export
    def refused(self, s: str, i: int):
        if i > 3:
            raise ValueError(f"bad {s}: {i}")
        return i

    # Dicts.
    @torch.jit.export
    def look(self, d: Dict[str, int], k: str):
        return d[k], k in d, len(d), d.get(k, -1)

    @torch.jit.export
    def change(self, d: Dict[str, int], k: str, v: int):
        d[k] = v
        d["new"] = len(d)
        d.setdefault("other", 5)
        p = d.pop(k)
        return d, p, list(d.keys()), list(d.values()), list(d.items())

    @torch.jit.export
    def numbered(self, d: Dict[int, float], k: int):
        d[k] = 0.5
        d.update({1: 1.5, k + 1: 2.5})
        e = d.copy()
        del d[k]
        return d, e, list(e.keys())

    @torch.jit.export
    def emptied(self, d: Dict[float, str]):
        n = len(d)
        d.clear()
        return n, d

    @torch.jit.export
    def literal(self, k: str, v: int):
        return {"a": 1, k: v, "b": 2}, {"x": 1.5, "y": 2.5}[k]

    # Lists of tensors, nested lists.
    @torch.jit.export
    def tensors(self, x: List[Tensor], i: int):
        y = x[i] * 2
        x.append(y)
        return x, y, x[0], len(x)

    @torch.jit.export
    def named(self, d: Dict[str, Tensor], k: str):
        d["sum"] = d[k] + d["a"]
        return d, d[k]

    @torch.jit.export
    def nested(self, x: List[List[int]], i: int):
        x[i].append(7)
        x.append([i])
        return x, x[i], len(x[0])

    @torch.jit.export
    def pairs(self, x: List[Tuple[int, str]], i: int):
        a, b = x[i]
        x.append((a + 1, b + "'"))
        return x, a, b

    @torch.jit.export
    def words(self, d: Dict[str, List[str]], k: str):
        d[k].append("end")
        return d, " ".join(d[k])

    # Optionals.
    @torch.jit.export
    def maybe(self, x: Optional[int], s: Optional[str]):
        return x, s, x is None, s is not None

    @torch.jit.export
    def sure(self, x: Optional[int]):
        assert x is not None, "no x"
        return x + 1

    def forward(self, x: Tensor):
        return x


CALLS = {
    "grow": [([],), ([5],), ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],)],
    "items": [([1, 2, 3], 1), ([4], -1), ([1, 2], 2), ([], 0)],
    "removal": [([1, 2, 3, 4, 5], 0, 4), ([1, 2, 3], -1, 9), ([], 0, 0), ([1], 3, 0)],
    "deletion": [([0.5, 1.5, 2.5], 1), ([1.0], 4)],
    "slices": [([1, 2, 3, 4, 5, 6], 1, 4), ([1, 2], -1, 9), ([], 0, 0), (list(range(20)), -15, -2)],
    "sums": [([1, 2, 3], [0.5, 2.0]), ([0], [1e300]), ([], []), ([-5, 0, 7, 9, 1], [float("inf"), 1.0])],
    "search": [([1, 2, 3], 2), ([2, 2], 2), ([], 1), ([1, 2, 3], 9)],
    "sorting": [([3, 1, 2], [0.5, -1.0, 7.0], ["b", "a", "ab", ""]), ([], [], []), ([5, 5, -1, 9, 0], [1.0], ["z", "A"])],
    "joined": [([1], [2, 3], 2), ([], [], 0), ([4, 5], [4, 1, 7], 3)],
    "made": [(0, 0.5, True), (2, -1.0, False), (-1, 2.5, True), (5, 1.0, True)],
    "cleared": [([True, False],), ([],)],
    "unpacked": [([1, 2, 3],), ([1],)],
    "same_list": [([1], [1]), ([], [])],
    "cases": [("hello World_x",), ("",), ("ABC 12 dEf",)],
    "classes": [("abc",), ("",), ("12",), ("  \t",), ("AB C",), ("Hello World",), ("a_b",), ("x\n",), ("1ab",)],
    "strips": [("  ab c \n", "a "), ("xxabxx", "x"), ("", "q"), ("aaaa", "a")],
    "pads": [("abc", 8), ("abc", 7), ("a\tb\tc", 4), ("abcdef", 2), ("", 3)],
    "finds": [("banana", "an", 2, 5), ("banana", "x", 0, 9), ("", "a", 0, 0), ("abcabc", "abc", -3, -1), ("aaaa", "aa", 1, -2)],
    "indexed": [("hello", "l"), ("hello", "z")],
    "splits": [("a,b,,c", ","), ("  one  two ", " "), ("line\nnext\n", "n"), ("abc", "abc"), ("x--y--z", "--"), ("abc", "")],
    "parts": [("hello", 1, 1, 3), ("abc", -1, -2, 9), ("x", 3, 0, 1)],
    "joins": [("a", ["x", "y", "z"]), ("banana", [""]), ("", ["q", "r"])],
    "compared": [("abc", "abc"), ("a", "b"), ("b", "a"), ("ab", "a"), ("", "")],
    "formats": [("s", 1, 0.1, True, [1, 2]), ("{}", -3, 1e20, False, []), ("%", 7, 2.0, True, [5])],
    "shown": [([0.5, 1.0], ["a", "b"], (1, "x"), {"k": 1.5}, [True]), ([], [], (0, ""), {}, [])],
    "codes": [(65, "a"), (97, "Z"), (255 - 128, "q"), (10, "ab")],
    "numbers": [("12", "1.5"), (" -7", "1e3"), ("x", "1"), ("12x", "1"), ("5", "y"), ("5", "1.5z")],
    "chosen": [("abc", 1), ("abc", 7)],
    "refused": [("abc", 1), ("abc", 7)],
    "look": [({"a": 1, "b": 2}, "b"), ({"x": 5}, "x"), ({}, "q"), ({str(i): i for i in range(40)}, "17")],
    "change": [({"a": 1}, "b", 5), ({}, "k", 1), ({"new": 9, "z": 3}, "z", 4), ({str(i): i for i in range(30)}, "3", 33)],
    "numbered": [({5: 1.0}, 7), ({}, 1), ({1: 0.25, 2: 0.75}, 2)],
    "emptied": [({0.5: "a", 1.5: "b"},), ({},)],
    "literal": [("x", 5), ("y", 1), ("a", 7), ("b", 3)],
    "tensors": [([torch.tensor([1.0, 2.0]), torch.tensor([3.0])], 1), ([torch.arange(3.0)] * 1, -1), ([torch.ones(2)] * 1, 4)],
    "named": [({"a": torch.ones(2, 2), "b": torch.full((2, 2), 2.0)}, "b"), ({"a": torch.ones(1, 3)}, "a"), ({"b": torch.ones(1, 1)}, "b")],
    "nested": [([[1], [2, 3]], 1), ([[]], 0), ([[1, 2]] * 1, -1), ([], 0)],
    "pairs": [([(1, "a"), (2, "b")], 1), ([(5, "q")], 0), ([], 0)],
    "words": [({"a": ["x"], "b": []}, "b"), ({"a": ["x", "y"]}, "a"), ({}, "a")],
    "maybe": [(1, "a"), (None, None), (-5, None), (None, "")],
    "sure": [(1,), (None,)],
}
SPECS = ["tensors:x[*]=f32[?]", "named:d[*]=f32[?,?]"]


def kinds(v):
    """The types of a value, all the way down: 1 is not 1.0."""
    if isinstance(v, (list, tuple)):
        return [kinds(x) for x in v]
    if isinstance(v, dict):
        return [(kinds(k), kinds(x)) for k, x in v.items()]
    return type(v)

def check(program, so, folder, method, args):
    import copy
    case = harness.write_case(folder / "case", args, method=method)
    expected = raised = None
    try:
        expected = getattr(program, method)(*copy.deepcopy(args))
    except Exception as e:  # noqa: BLE001: whatever the program raises
        raised = str(e).strip().split("\n")[-1]
    try:
        got, _ = harness.run(so, case, folder / "out")
    except harness.ProgramError as e:
        if raised is None:
            return f"raised {e}"
        # TorchScript's own texts begin with the exception's name.
        want = raised.split(": ")[-1]
        return None if want in e.message else f"raised {e.message!r}, PyTorch {raised!r}"
    if raised is not None:
        return f"did not raise {raised!r}: {got!r}"
    if kinds(got) != kinds(expected):
        return f"types {kinds(got)}, expected {kinds(expected)}"
    a, b = harness.flatten(got), harness.flatten(expected)
    for x, y in zip(a, b):
        if not (torch.equal(x, y) if isinstance(y, Tensor) else x == y or x != x and y != y):
            return f"{x!r}, expected {y!r} (of {expected!r})"
    if isinstance(expected, (list, tuple)) and len(a) == len(b):
        for x, y in zip(got, expected):
            if isinstance(y, dict) and list(x) != list(y):
                return f"keys {list(x)}, expected {list(y)}"
    return None if len(a) == len(b) else f"{got!r}, expected {expected!r}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--match", default=".")
    match = re.compile(parser.parse_args().match)
    folder = Path(tempfile.mkdtemp(prefix="ingot-values-"))
    passed = failed = 0
    try:
        program = torch.jit.script(Values())
        program.save(str(folder / "values.pt"))
        methods = [m for m in CALLS if match.search(m)]
        options = [o for m in methods for o in ("--method", m)]
        options += [o for s in SPECS if s.split(":")[0] in methods for o in ("--input", s)]
        try:
            harness.compile(folder / "values.pt", folder / "values.so", None, *options)
        except harness.ToolError as e:
            print(e)
            print(f"0 passed, {sum(len(CALLS[m]) for m in methods)} failed")
            return 1
        for method in methods:
            for args in CALLS[method]:
                try:
                    problem = check(program, folder / "values.so", folder, method, args)
                except harness.ToolError as e:
                    problem = str(e)
                if problem:
                    print(f"FAILED {method}{args!r}: {problem}")
                failed += bool(problem)
                passed += not problem
    finally:
        shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
