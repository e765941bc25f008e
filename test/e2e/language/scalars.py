# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Numbers, texts and tensors where kinds meet: implicit conversions, comparisons, arguments that are numbers or tensors, printing."""
import math
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
V = torch.tensor([3, 1, 2])


@program((torch.tensor(3), 2), (torch.tensor(-7), 3))
def tensor_and_int(x: Tensor, n: int):
    return x + n, x - n, x * n, x / n, x // n, x % n, x ** n, n - x, n * x, n / x, x > n, x == n, n < x


@program((X, 2.5), (X, -0.5))
def tensor_and_float(x: Tensor, f: float):
    return x + f, x * f, x / f, f - x, f / (x + 1), x > f, f <= x, x ** 2 + f


@program((X, True))
def tensor_and_bool(x: Tensor, b: bool):
    return x + b, x * b, x == b, (x > 1) & b, (x > 1) | b


@program((V, X))
def mixed_types(i: Tensor, f: Tensor):
    return i + f, i * 2.5, i / 2, i // 2, f * i, i > f, torch.add(i, 1.5), (i + 1).dtype == torch.int64, (i + 1.0).dtype == torch.float32


@program((3, 2.0), (-3, 0.5))
def int_and_float(i: int, f: float):
    return i + f, i * f, i / f, i // f, i % f, i ** f, f ** i, i > f, i == f, min(i, f), max(f, i), float(i) == f


@program((True, False, 3))
def bools_as_numbers(a: bool, b: bool, n: int):
    return int(a) + n, a == b, a != b, a and n > 2, b or n == 3, not a, float(a), str(a)


@program((10,), (-10,), (0,))
def integer_division(n: int):
    return n // 3, n % 3, n // -3, n % -3, n / 4, divmod(n, 3), -n // 3, (-n) % 3


@program((2.5,), (-2.5,), (0.0,))
def float_functions(f: float):
    return math.floor(f), math.ceil(f), math.fabs(f), math.exp(f), math.sin(f), math.copysign(1.0, f), math.isnan(f)


@program((12, 18), (7, 0))
def integer_functions(a: int, b: int):
    return math.gcd(a, b), math.pow(a, 2), math.sqrt(a), math.log(a), math.factorial(5), math.fmod(a, 5)


@program((0.5,), (1.0,))
def inverse_functions(f: float):
    return math.asin(f), math.acos(f), math.atan(f), math.atan2(f, 2.0), math.sinh(f), math.cosh(f), math.tanh(f), math.erf(f), math.gamma(f)


@program((torch.tensor(4.0), torch.tensor(3)))
def math_of_tensors(x: Tensor, n: Tensor):
    return math.sqrt(float(x)), math.floor(float(x) / 3), int(n) ** 2, float(x) ** 0.5, abs(float(-x)), round(float(x) / 3)


@program((5, 7))
def bit_operations(a: int, b: int):
    return a & b, a | b, a ^ b, a << 2, b >> 1, (a << 40) >> 38


@program((3, [1, 2, 3]), (9, [1, 2, 3]))
def conditions(n: int, x: List[int]):
    a = n in x and n > 1
    b = n not in x or len(x) == 3
    c = not (a and b)
    d = 1 if a else 2 if b else 3
    return a, b, c, d


@program((1, 2, 3.5, "s", True, None, [1], (1, "a"), {"k": 2}, X[0]))
def printed(a: int, b: int, f: float, s: str, t: bool, n: Optional[int], l: List[int], p: Tuple[int, str], d: Dict[str, int], x: Tensor):
    print(a, b, f, s, t, n, l, p, d)
    print(x)
    print("sum:", a + b, "text " + s)
    print([f, f], [s], [t], (l, d), {"x": [f]})


@program((torch.tensor([1.5, -2.0]),), (torch.tensor([[1, 2], [3, 4]]),), (torch.zeros(0),), (torch.tensor(True),), (torch.tensor([1e10, 1.0]),), (torch.tensor([0.1, 0.2]),), (torch.tensor(1e-7),), (torch.tensor(1 / 3, dtype=torch.float64),), (torch.tensor(2 ** 60),))
def printed_tensors(x: Tensor):
    print(x)
    print(x.sum(), x.shape, x.dim())


@program((X, 1, 2), (X, 0, 1))
def index_arithmetic(x: Tensor, i: int, j: int):
    return x[i, j], x[i, -j], x[i][j], x[i:, :j], x[-i - 1], x[i:i + 1, j:j + 1], x[:, [i, j]]


@program((X, 1), (X, 0))
def assignments_by_index(x: Tensor, i: int):
    y = x.clone()
    y[i] = 9
    y[i, 0] = -1
    y[:, i] += 5
    y[i, 1:] *= 2
    return y


@program((X, [0, 2], torch.tensor([1, 0])))
def lists_as_indices(x: Tensor, l: List[int], t: Tensor):
    return x[:, l], x[t], x[t][:, l], x[t, t], torch.tensor(l)[t]


@program((2, 3), (0, 4))
def made_of_sizes(a: int, b: int):
    return torch.zeros(a, b), torch.ones([b, a]), torch.arange(a, a + b), torch.full((a, b), 7), torch.eye(b), torch.empty(a, b).shape, \
        torch.zeros((a,) + (b,)), torch.arange(b).view(1, b).expand(2, b)


@program((X,))
def sizes_in_arithmetic(x: Tensor):
    n = x.size(0) * x.size(1)
    return n, x.view(n), x.reshape(x.shape[1], -1), x.numel() // 2, [s * 2 for s in x.shape], max(x.shape), list(x.size()), x.shape[-1] % 2 == 1


@program((5, 3))
def large_numbers(a: int, b: int):
    return a * 1000000000000000, (a << 60), b * 4611686018427387904, 1e300


@program(("3", "2.5"))
def numbers_from_text(a: str, b: str):
    return int(a) + 1, float(b) * 2, float(a), str(int(a)) + b, int(float(b))


@program((3.0,), (2.75,), (1e20,), (-0.5,))
def float_texts(f: float):
    return str(f), f"{f}", "{}".format(f), "%s" % f, str([f, f]), str((f,))


@program((3, 1.5))
def default_values(n: int, f: float):
    return with_defaults(), with_defaults(n), with_defaults(n, f), with_defaults(f=f), with_defaults(s="z", n=n)


def with_defaults(n: int = 1, f: float = 0.5, s: str = "s", b: bool = True, o: Optional[int] = None) -> str:
    return f"{n} {f} {s} {b} {o}"


@program((float("inf"), float("nan")))
def special_floats(a: float, b: float):
    return a > 1e308, math.isinf(a), math.isnan(b), -a, a + 1, str(a), str(b), max(a, 1.0)


@program((7, 7.0, "7"))
def kinds_compared(i: int, f: float, s: str):
    return i == f, s == str(i), float(s) == f, int(s) == i, i >= f, hash(i) == hash(7)


@program((X, 2))
def reductions(x: Tensor, n: int):
    return x.sum().item() / n, x.max().item(), x.mean().item(), int(x.argmax()), float(x.std()), bool(x.any()), x.norm().item()


@program((X, X * 0))
def tensor_conditions(x: Tensor, y: Tensor):
    a = 1 if x.sum() > y.sum() else 2
    b = bool((x == y).any()) and not bool((y > 0).any())
    if x[0, 1] > 0 and y[0, 0] == 0:
        a += 10
    while y.sum() < 3:
        y = y + 1
    return a, b, y
