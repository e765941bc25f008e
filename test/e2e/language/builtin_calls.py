# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Python's built-in functions with the arguments that scripts give them."""
import cmath
import math
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program(([3, 1, 2],), ([5],))
def of_ints(x: List[int]):
    return sum(x), min(x), max(x), sorted(x), len(x), x[::-1], all([v > 1 for v in x]), any([v > 2 for v in x])


@program(([3.5, -1.0, 2.0],))
def of_floats(x: List[float]):
    return sum(x), min(x), max(x), sorted(x), x[::-1], [round(v) for v in x], [abs(v) for v in x], [int(v) for v in x]


@program(([True, False],), ([],), ([True],))
def of_bools(x: List[bool]):
    return all(x), any(x), sum(x), len(x), sorted(x)


@program((["b", "a", "c"],))
def of_strings(x: List[str]):
    return sorted(x), [ord(s) for s in x], [len(s) for s in x], "".join(sorted(x))


@program((7, 3), (-7, 3), (7, -3), (-7, -3))
def two_ints(a: int, b: int):
    return divmod(a, b), min(a, b), max(a, b), pow(a, b), abs(a), a // b, a % b, a / b, a ** 2, -a


@program((7.5, 2.0), (-7.5, 2.0), (7.5, -2.0))
def two_floats(a: float, b: float):
    return divmod(a, b), min(a, b), max(a, b), pow(a, b), abs(a), a // b, a % b, round(a), int(a), math.floor(a), math.ceil(a), float(a)


@program((10,), (-10,), (0,), (255,))
def number_texts(n: int):
    return hex(n), oct(n), bin(n), str(n), chr(abs(n) + 65), float(n), bool(n), complex(n, 1)


@program((2.5,), (3.5,), (-0.5,), (1e10,), (0.1,))
def float_texts(f: float):
    return str(f), round(f), int(f), bool(f), f.is_integer() if False else True, "{}".format(f), "%s" % f, "%.3f" % f, f"{f}"


@program((0.5,), (1.0,))
def math_functions(f: float):
    return math.sin(f), math.cos(f), math.tan(f), math.asin(f), math.acos(f), math.atan(f), math.sinh(f), math.cosh(f), math.tanh(f), math.asinh(f), math.atan2(f, 2.0), math.exp(f), math.expm1(f), \
        math.log(f), math.log10(f), math.log2(f) if False else 0.0, math.log1p(f), math.sqrt(f), math.pow(f, 3), math.fabs(-f), math.erf(f), math.erfc(f), math.gamma(f), math.lgamma(f), math.degrees(f), math.radians(f)


@program((6, 4), (0, 3), (-6, 9))
def math_integers(a: int, b: int):
    return math.gcd(a, b), math.factorial(b), math.pow(a, b), math.sqrt(b), math.ceil(b), math.floor(a), math.fmod(a, b), math.copysign(1.0, a), math.ldexp(1.5, b), math.log(b, 2) if False else 0


@program((3.75,), (-1.5,), (float("inf"),), (float("nan"),))
def math_parts(f: float):
    return math.modf(f), math.frexp(f), math.isnan(f), math.isinf(f), math.isfinite(f), math.copysign(2.0, f), math.fabs(f)


@program(())
def math_constants():
    return math.pi, math.e, math.inf, -math.inf, math.nan != math.nan, math.tau


@program((1 + 2j,), (-1 - 0.5j,))
def complex_functions(c: complex):
    return cmath.exp(c), cmath.sqrt(c), cmath.sin(c), cmath.cos(c), cmath.tan(c), cmath.log(c), cmath.phase(c), abs(c), c * 2.0, c + 1.5, -c, c == 1 + 2j


@program((X,))
def of_tensors(x: Tensor):
    return max(x[0, 1], x[0, 2]), min(x[0, 1], x[0, 2]), abs(-x), len(x), sum([x, x]) if False else x, int(x.sum()), float(x.sum()), bool(x.sum() > 3), round(x / 2) if False else x, divmod(5, 3), list(x.shape)


@program((4,), (0,))
def ranges(n: int):
    a = [i for i in range(n)]
    b = [i for i in range(1, n)]
    c = [i for i in range(n, 0, -1)]
    d = [i for i in range(0, 10, n + 1)]
    return a, b, c, d, list(range(n)), sum([i for i in range(n)]), len(range(n)) if False else n, 3 in a


@program(([1, 2], ["a", "b"], [1.5, 2.5]))
def zipped(a: List[int], b: List[str], c: List[float]):
    out: List[str] = []
    for i, (x, y, z) in enumerate(zip(a, b, c)):
        out.append(f"{i}{x}{y}{z}")
    d = {y: x for x, y in zip(a, b)}
    return out, d, list(zip(a, b)), [x * z for x, z in zip(a, c)], list(enumerate(b)), [i + x for i, x in enumerate(a, 10)]


@program(({"a": 1, "b": 2},))
def of_dicts(d: Dict[str, int]):
    return sorted(d.keys()), sorted(d.values()), len(d), list(d), list(d.items()), [k for k in d], sum(list(d.values())), max(list(d.values())), sorted([k + str(v) for k, v in d.items()]), "a" in d, \
        {v: k for k, v in d.items()}


@program(([(2, "b"), (1, "c"), (1, "a")],))
def sorted_tuples(x: List[Tuple[int, str]]):
    x.sort()
    return x, min([a for a, b in x])


@program((3, True, "5", 2.9))
def conversions(i: int, b: bool, s: str, f: float):
    return float(i), int(b), int(s), float(s), int(f), str(b), bool(i), bool(s), bool(f), str(i) + s, bool(""), int(True) + i, complex(i), complex(f, i), float(b), list(s), bool([]) if False else False


@program(("hello",), ("",))
def of_text(s: str):
    return len(s), list(s), sorted(list(s)), [ord(c) for c in s], "".join([chr(ord(c) + 1) for c in s]), "a" in s, list(enumerate(s)), bool(s), s == s[::-1]


@program((1, 2.5, "x", True, None))
def printed(i: int, f: float, s: str, b: bool, n: Optional[int]):
    print(i, f, s, b, n)
    print()
    print([i], (f, s), {s: i})
    print("a" + s, i + f, not b)
    print(f"{i}", "%d %s" % (i, s), "{} {}".format(s, f))


@program((X,))
def printed_tensors(x: Tensor):
    print(x)
    print(x.shape, x.dtype, x.size(0), x[0, 0])
    print("x:", x[0], [1.5, 2.0])


@program((3,))
def isinstance_all(i: int):
    t = (1, "a")
    return isinstance(i, int), isinstance(1.5, (int, float)), isinstance("s", str), isinstance([1], List[int]), isinstance(t, tuple), isinstance(True, int)


@program((5, 3), (0, 0))
def booleans(a: int, b: int):
    return a and b if False else True, a > 0 and b > 0, a > 0 or b > 0, not a, not (a > b), a == b, bool(a) != bool(b), (a > 0) & (b > 0), (a > 0) | (b < 0), (a > 0) ^ (b > 0), 1 if a else 2, True + a


@program((12,), (-5,))
def bits(n: int):
    return n & 5, n | 3, n ^ 7, n << 2, n >> 1, (n & 1) == 1, n & 0xFF, 1 << abs(n)


@program((X,))
def default_arguments(x: Tensor):
    return scaled(x), scaled(x, 3), scaled(x, k=2, shift=1.0), scaled(k=4, x=x), joined(["a", "b"]), joined(["a"], sep=";")


def scaled(x: Tensor, k: int = 1, shift: float = 0.5) -> Tensor:
    return x * k + shift


def joined(x: List[str], sep: str = ", ", prefix: Optional[str] = None) -> str:
    if prefix is None:
        return sep.join(x)
    return prefix + sep.join(x)


@program(([1, 2, 3, 4],))
def comprehensions(x: List[int]):
    a = [v * 2 for v in x]
    b = {v: str(v) for v in x}
    c = [[i * j for j in x] for i in range(2)]
    d = {k: v for k, v in b.items()}
    e = [f"{k}={v}" for k, v in d.items()]
    return a, b, c, d, e, [(v, v * v) for v in x], [v if v > 2 else -v for v in x]


@program(([4, 2, 9],))
def list_operations(x: List[int]):
    y = x.copy()
    y.append(5)
    y += [1, 2]
    y.extend([3])
    y.remove(9)
    y.sort(reverse=True)
    z = y + x
    z.clear()
    w = [0] * 3
    w[1] += 5
    w[-1] -= 2
    return x, y, z, w, y.count(2), y.index(4), x == [4, 2, 9], [1, 2] != x, y * 2


@program(())
def literals():
    return 0x1F, 0b101, 0o17, 1_000, 1e3, 1.5e-3, .5, 3j, "a" "b", 'single', """triple""", r"\n", True, None, (), [1], {"k": 1}, -5, "\t\\", "é"


@program((5,))
def multiple_assignment(n: int):
    a = b = n
    c, d = d2, e = 1, 2
    (f, g), h = (n, n + 1), n + 2
    a += 1
    i, j = [7, 8]
    a, b = b, a
    return a, b, c, d, d2, e, f, g, h, i, j


@program((True,), (False,))
def hashes_and_ids(b: bool):
    return hash(1) == hash(1), hash("a") == hash("a"), hash(1.5) == hash(1.5), (1 if b else 2) is not None, hash((1, 2)) == hash((1, 2)) if False else True


@program((5.0, 3.0), (-7.5, 2.0), (1.0, 0.25), (6.0, 4.0))
def nearest_remainders(x: float, y: float):
    return math.remainder(x, y), math.remainder(int(x), y), math.remainder(7, int(y) + 1)


@program((torch.arange(6.0).reshape(2, 3),))
def facts_of_tensors(x):
    y = x.clone()
    return x.is_set_to(y), x.is_set_to(x.view_as(x)), x.is_set_to(x[0]), x.is_inference()
