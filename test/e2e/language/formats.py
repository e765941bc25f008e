# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Text made of values: %, format, f-strings, and every method of strings on strings that are given."""
from enum import Enum
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program


class Shade(Enum):
    DARK = 1
    LIGHT = 2


@program(("hello World",), ("",), ("ÄÖ abc",), ("123",))
def letter_cases(s: str):
    return s.upper(), s.lower(), s.capitalize(), s.title(), s.swapcase()


@program(("abc",), ("AB1",), (" \t",), ("12",), ("",), ("Ab Cd",), ("a-b",))
def letter_tests(s: str):
    return [s.isalpha(), s.isalnum(), s.isdigit(), s.isspace(), s.isupper(), s.islower(), s.istitle(), s.isprintable(), s.isidentifier(),
            s.isdecimal(), s.isnumeric()]


@program(("a,b,,c", ","), ("", ","), ("no", ","), ("x::y::z", "::"))
def splits(s: str, sep: str):
    return s.split(sep), s.split(sep, 1), s.rsplit(sep), s.rsplit(sep, 1), s.partition(sep), s.rpartition(sep)


@program((" a  b c ",), ("",), ("x",), ("  ",))
def split_spaces(s: str):
    return s.split(), s.strip(), s.lstrip(), s.rstrip()


@program(("a\nb\r\nc",), ("",), ("a\n",))
def split_lines(s: str):
    return s.splitlines(), s.splitlines(True)


@program(("xxabcxx", "x"), ("abab", "ab"), ("", "x"))
def strips(s: str, chars: str):
    return s.strip(chars), s.lstrip(chars), s.rstrip(chars)


@program(("banana", "an"), ("banana", "z"), ("", "x"), ("aaa", "aa"))
def finds(s: str, sub: str):
    return s.find(sub), s.rfind(sub), s.count(sub), s.find(sub, 2), s.rfind(sub, 0, 3), s.count(sub, 1), s.count(sub, 0, 4)


@program(("banana", "an"), ("banana", "z"))
def indexes(s: str, sub: str):
    return s.index(sub), s.rindex(sub)


@program(("abc", 7), ("abc", 2), ("-12", 6), ("+3", 5))
def pads(s: str, n: int):
    return s.center(n), s.ljust(n), s.rjust(n), s.zfill(n), s.center(n, "*"), s.ljust(n, "."), s.rjust(n, "0")


@program(("hello", "he"), ("hello", "lo"), ("hello", ""), ("ab", "x"))
def starts(s: str, p: str):
    return s.startswith(p), s.endswith(p), s.startswith(p, 1), s.endswith(p, 0, 3), p in s, p not in s


@program(("aXbXc", "X", "--"), ("aaa", "aa", "b"))
def replaces(s: str, a: str, b: str):
    return s.replace(a, b), s.replace(a, b, 1)


@program((",", ["a", "b"]), ("", []), ("-", ["x"]))
def joins(s: str, x: List[str]):
    return s.join(x), s.join([y.upper() for y in x])


@program(("abcdef", 1, 4), ("abcdef", -3, 100), ("", 0, 1))
def slices(s: str, a: int, b: int):
    return s[a:b], s[:b], s[a:], s[a:b:2], s[::-1], s[-2:], s[:]


@program(("a", "b"), ("b", "a"), ("a", "a"), ("a", "aa"))
def compared(s: str, t: str):
    return s < t, s <= t, s > t, s >= t, s == t, s != t


@program(("a\tb\tcc",))
def tabs(s: str):
    return s.expandtabs(), s.expandtabs(4)


@program((5, 2.5, "s", True, None))
def format_kinds(i: int, f: float, s: str, b: bool, n: Optional[int]):
    return "{} {} {} {} {}".format(i, f, s, b, n), "{}{}".format(s, s), "{{}}".format() + "{}".format(i)


@program(([1, 2], ("a", 1), {"k": 0.5}, [[1], []]))
def format_containers(l: List[int], t: Tuple[str, int], d: Dict[str, float], n: List[List[int]]):
    return "{}".format(l), "{}".format(t), "{}".format(d), "{}".format(n), f"{l} {t} {d}"


@program((torch.tensor([1, 2]), torch.tensor(1.5)))
def format_tensors(x: Tensor, y: Tensor):
    return "{}".format(x), f"x = {y}", str(x)


@program((5, 2.5, "s"))
def percents(i: int, f: float, s: str):
    return "%d" % i, "%s" % s, "%f" % f, "%s %d" % (s, i), "%i%%" % i, "%s %s %s" % (s, i, f), "%d and %f" % (i, f)


@program((255, 1.5))
def percent_kinds(i: int, f: float):
    return "%x" % i, "%o" % i, "%e" % f, "%g" % f, "%d" % f


@program(("x",))
def percent_too_few(s: str):
    return "%s %s" % (s,)


@program(("x",))
def percent_too_many(s: str):
    return "%s" % (s, s)


@program((1, 2))
def fstrings(a: int, b: int):
    return f"{a}+{b}={a + b}", f"{a}" + f"{b}", f"{[a, b]}", f"{(a, b)}", f"{a > b}", f"{{{a}}}"


@program((5,), (15,))
def text_in_loop(n: int):
    out = ""
    for i in range(n):
        if i % 15 == 0:
            out += "fizzbuzz "
        elif i % 5 == 0:
            out += "buzz "
        else:
            out = out + str(i) + " "
    return out.rstrip()


@program((1,), (1000000,), (-5,))
def ints(i: int):
    return str(i), f"{i}", "%d" % i, "{}".format(i)


@program((0.1,), (1e100,), (-0.0,), (3.0,), (1e-5,), (123456.789,), (float("nan"),), (2.0 ** 53,))
def floats(f: float):
    return str(f), f"{f}", "{}".format(f), str([f])


@program((1 + 2j,), (0j,), (-1.5 - 0.5j,))
def complexes(c: complex):
    return str(c), f"{c}"


@program((torch.float32, torch.device("cpu")))
def dtype_text(d: torch.dtype, v: torch.device):
    return f"{v}", str(v)


@program((Shade.DARK,), (Shade.LIGHT,))
def enum_text(s: Shade):
    return s.name.lower(), f"{s.name}={s.value}"


@program((["a", "b"], {"x": "y"}))
def quoted(x: List[str], d: Dict[str, str]):
    return str(x), str(d), str(("a",)), "{}".format("a")


@program(("abc",), ("aéz",))
def characters(s: str):
    return [ord(c) for c in "abc"], len(s), s[0]


@program(("k=v;a=b",))
def parsed(s: str):
    d: Dict[str, str] = {}
    for part in s.split(";"):
        k, v = part.split("=")
        d[k] = v
    return d


@program(("the cat the dog",))
def counted(s: str):
    d: Dict[str, int] = {}
    for w in s.split():
        if w in d:
            d[w] += 1
        else:
            d[w] = 1
    return d


@program(("level",), ("hello",))
def palindrome(s: str):
    for i in range(len(s) // 2):
        if s[i] != s[len(s) - 1 - i]:
            return False
    return True


@program(("12,7,30",))
def numbers_of_text(s: str):
    return sum([int(p) for p in s.split(",")]), max([int(p) for p in s.split(",")])


@program(("abc",), ("b",))
def ordered(s: str):
    return sorted([s, "b", "a"]), min([s, "b"]) if False else s, "".join(sorted(list(s)))


@program(("a", 1))
def text_keys(s: str, n: int):
    d = {s + str(i): i for i in [1, 2, 3]}
    return d, (s + "2") in d


@program((3,))
def printed_parts(n: int):
    for i in range(n):
        print("row", i, n - i)
    print("")
    return n


@program((["a", "b"],))
def joined_generator(x: List[str]):
    return ", ".join([f"<{s}>" for s in x])


@program(("x",))
def raw_text(s: str):
    return r"\d+" + s, "a\\b", "\x41\u00e9", 'q"' + "q'"


@program(("abc",))
def stepped(s: str):
    return s[::2], s[1::2], s[::-2], s[2:0:-1]


@program(("ab",))
def membership(s: str):
    return s in ["ab", "c"], s in {"ab": 1}, s in "xaby", s not in ("q", "ab") if False else True


@program(("Ab",))
def chain(s: str):
    return s.lower().upper().swapcase().center(6, ".").strip(".").replace("a", "o") + "!"


@program(("prefix_name", "prefix_"))
def cut_prefix(s: str, p: str):
    if s.startswith(p):
        return s[len(p):]
    return s


@program((torch.ones(2), "add"), (torch.ones(2), "mul"), (torch.ones(2), "pow"))
def chosen_by_name(x: Tensor, op: str):
    if op == "add":
        x = x + 1
    elif op == "mul":
        x = x * 2
    else:
        raise ValueError("unknown operation: " + op)
    return x
