# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Strings and the text of values."""
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program


@program(())
def cases_known():
    s = "hello World"
    return s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), len(s)


@program(())
def tests_known():
    return ["abc".isalpha(), "ab1".isalnum(), "12".isdigit(), " ".isspace(), "AB".isupper(), "ab".islower(), "Ab Cd".istitle(),
            "a b".isprintable(), "a_1".isidentifier(), "12".isdecimal(), "12".isnumeric(), "".isalpha(), "1a".isidentifier(),
            "A1".isupper(), "12".islower()]


@program(())
def finds_known():
    s = "banana"
    return s.find("an"), s.rfind("an"), s.find("x"), s.index("n"), s.rindex("n"), s.count("a"), s.count("an"), s.find("an", 2), \
        s.find("an", 2, 4), s.count("a", 2), s.rfind("a", 0, 3)


@program(())
def splits_known():
    s = "a,b,,c"
    return s.split(","), s.split(",", 1), s.rsplit(",", 1), " x  y ".split(), "a\nb\nc".splitlines(), s.partition(","), s.rpartition(","), \
        "a\nb".splitlines(True), s.rsplit(",")


@program(())
def strips_known():
    s = "  ab "
    return s.strip(), s.lstrip(), s.rstrip(), "xxaxx".strip("x"), "xxaxx".lstrip("x"), "xxaxx".rstrip("x")


@program(())
def pads_known():
    s = "abc"
    return s.center(8), s.center(9, "*"), s.ljust(6, "-"), s.rjust(6), s.zfill(6), "-12".zfill(5), "+1".zfill(5), "a\tb".expandtabs(4)


@program(())
def replaces_known():
    return "aaa".replace("a", "b"), "aaa".replace("a", "b", 2), "abc".replace("x", "y"), "aXbX".replace("X", "")


@program(())
def starts_known():
    s = "hello"
    return s.startswith("he"), s.startswith("l", 2), s.endswith("lo"), s.endswith("x"), s.startswith(""), s.startswith("e", 1, 3)


@program(())
def slices_known():
    s = "abcdef"
    return s[1:3], s[::-1], s[::2], s[-2:], s[:-2], s[0], s[-1], s[10:], s[4:1:-1]


@program(())
def index_error():
    return "abc"[5]


@program(("abc", 5), ("abc", -4), ("abc", -3))
def index_given(s: str, i: int):
    return s[i]


@program(())
def joins_known():
    return ",".join(["a", "b", "c"]), "".join(["x", "y"]), "-".join(["q"])


@program(())
def comparisons_known():
    return "a" < "b", "b" <= "a", "ab" > "a", "a" >= "a", "a" == "a", "a" != "b"


@program(())
def codes_known():
    return ord("a"), chr(98), hex(255), oct(8), bin(5), hex(-1), bin(-5), oct(-9)


@program(("a",), ("ab",))
def ord_given(s: str):
    return ord(s)


@program(())
def numbers_to_text():
    return str(1), str(1.0), str(1.5), str(True), str(None), str(1e20), str(1e-7), str(0.1), str(1 / 3), str(-0.0), str(1e10), str(123456789.0), \
        str(float("inf")), str(float("nan")), str(100000.0), str(1e16), str(2.5e-5)


@program((1.0,), (1.5,), (1e20,), (1e-7,), (0.1,), (1 / 3,), (-0.0,), (1e10,), (123456789.0,), (float("inf"),), (float("nan"),), (1e16,), (-2.5e-5,))
def float_text(x: float):
    return str(x), f"{x}", "{}".format(x)


@program((5, 1.5, True, "s"))
def fstring(i: int, f: float, b: bool, s: str):
    return f"{i} {f} {b} {s}", f"{i}{i}", f"a{s}b", f"{s}"


@program(())
def fstring_known():
    i = 5
    s = "x"
    return f"{i} {s}", f"{{}} {i}", f"{i + 1}", f"{s.upper()}"


@program(())
def format_known():
    return "{} {}".format(1, "a"), "{}".format([1, 2]), "a{}b{}c".format(1.5, True), "{}".format((1, "x")), "{}".format({"a": 1}), \
        "{}".format(None), "no fields".format()


@program(())
def percent_known():
    return "%s" % "a", "%d" % 5, "%s %s" % ("a", 1), "%d%%" % 50, "%i" % 3, "%s" % 1.5, "%f" % 1.5, "%s and %s" % (1, 2)


@program((5, "s", 1.5))
def percent_given(i: int, s: str, f: float):
    return "%d items" % i, "%s-%s" % (s, i), "%s" % f, "%f" % f, "%d %s" % (i, s), "%e" % f, "%g" % f, "%c" % i


@program((255,))
def percent_numbers(i: int):
    return "%x" % i


@program(([1, 2], ["a", "b"], (1, "x"), {"k": 1}, [1.5], [True]))
def texts(a: List[int], b: List[str], c: Tuple[int, str], d: Dict[str, int], e: List[float], f: List[bool]):
    return str(a), str(b), str(c), str(d), str(e), str(f)


@program(())
def texts_known():
    return str([1, 2]), str(["a", "b"]), str((1, "x")), str({"k": 1}), str([1.5]), str([True]), str((1,)), str([[1], [2]])


@program((torch.tensor([1.0, 2.0]),))
def text_of_tensor(x: Tensor):
    return str(x)


@program((torch.tensor([1.0, 2.5]),), (torch.tensor([[1, 2], [3, 4]]),), (torch.tensor(3),), (torch.tensor([True, False]),))
def print_tensor(x: Tensor):
    print(x)
    return x


@program((torch.tensor([1.0, 2.5]),))
def format_tensor(x: Tensor):
    return "{}".format(x.sum().item()), f"{x.size(0)} {x.dim()} {x.shape}"


@program(())
def format_device_dtype():
    x = torch.zeros(2)
    return f"{x.device}", str(x.dtype), str(torch.device("cpu"))


@program(("a b c",))
def loop_letters(s: str):
    out: List[str] = []
    for c in s:
        out.append(c)
    return out


@program(("hello",))
def list_of_letters(s: str):
    return list(s)


@program(())
def letters_known():
    out: List[str] = []
    for c in "abc":
        out.append(c + "!")
    return out, list("xy")


@program(("abc", "b"), ("abc", "z"))
def contains(s: str, t: str):
    return t in s, t not in s


@program(())
def contains_known():
    return "b" in "abc", "z" in "abc", "z" not in "abc"


@program(("12", "1.5"), ("x", "1"), ("1", "y"))
def parse(s: str, t: str):
    return int(s), float(t)


@program(())
def parse_known():
    return int("12"), float("1.5"), int("-3"), float("1e3"), float("inf")


@program(("1.5",))
def parse_bad(s: str):
    return int(s)


@program(("a",), ("",))
def truth(s: str):
    if s == "":
        return "empty"
    return s


@program(("x",), (None,))
def optional(s: Optional[str]):
    if s is None:
        return "none"
    return s + "!"


@program(("abc",))
def augmented(s: str):
    t = s
    t += "d"
    t += str(len(t))
    return s, t


@program(())
def escapes():
    return "a\nb\tc\\d\"e'f", 'single "quotes"', """multi
line"""


@program(())
def unicode_text():
    return "héllo", len("héllo")


@program(("a,b;c",))
def chained(s: str):
    return s.replace(",", ";").split(";"), "-".join(s.split(",")).upper()


@program(())
def concatenation():
    s = "a" "b"
    return s + "c" + "d"


@program((3,))
def build(n: int):
    s = ""
    for i in range(n):
        s += str(i)
    return s


@program(("name", 3))
def dict_of_text(s: str, n: int):
    d = {s: n, s + "2": n + 1}
    return d[s], d


@program(("b",), ("z",))
def if_chain(s: str):
    if s == "a":
        return 1
    elif s == "b":
        return 2
    else:
        return 3


@program((["b", "a"],))
def join_sorted(x: List[str]):
    x.sort()
    return ", ".join(x)


@program(("x",))
def index_missing(s: str):
    return "abc".index(s)


@program(())
def index_missing_known():
    return "abc".index("x")


@program(())
def multi_print():
    print("a", 1, 2.5, True, None)
    print()
    print("x" + "y")
    print("tab\there")
    print([1], (1, 2), {"a": 1})
    return 0


@program((1, 2.5, True, "t"))
def print_given(i: int, f: float, b: bool, s: str):
    print(i, f, b, s)
    print(i + 1, f * 2, not b, s + s)
    print((i, s), [f])
    return i


@program((torch.tensor(2.5), torch.tensor(3), torch.tensor(True)))
def print_items(x: Tensor, y: Tensor, z: Tensor):
    print(x.item(), int(y), bool(z), float(x))
    return f"{float(x)} {int(y)}"


@program((1,))
def hashes(n: int):
    return hash(n), hash("a") == hash("a"), hash(1.5) == hash(1.5)
