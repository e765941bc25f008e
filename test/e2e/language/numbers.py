# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ints, floats, bools, complex numbers."""
import cmath
import math
from typing import List, Tuple

import torch
from torch import Tensor

from . import program


@program((7, 2), (-7, 2), (7, -2), (-7, -2), (0, 5), (5, 0))
def integers(a: int, b: int):
    return a + b, a - b, a * b, a // b, a % b


@program((7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (1.0, 0.0), (float("inf"), 2.0))
def floats(a: float, b: float):
    return a + b, a - b, a * b, a // b, a % b, a / b


@program((7, 2.0), (-7, 2.5), (3, 0.0))
def mixed(a: int, b: float):
    return a + b, a - b, a * b, a / b, a // b, a % b, b - a, b // a, b % a


@program((7, 2), (-7, 2), (1, 0))
def true_division(a: int, b: int):
    return a / b


@program(())
def division_known():
    return 7 // 2, -7 // 2, 7 // -2, 7 % 3, -7 % 3, 7 % -3, 7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7 / 2, 1 / 3


@program((5, 3), (-5, 3), (5, -3), (1, 0))
def divmods(a: int, b: int):
    return divmod(a, b)


@program((5.5, 2.0), (-5.5, 2.0))
def divmods_float(a: float, b: float):
    return divmod(a, b)


@program(())
def divmod_known():
    return divmod(7, 3), divmod(-7, 3), divmod(7.5, 2), divmod(7, 2.5)


@program((2, 3), (-2, 3), (2, 0), (0, 0))
def power(a: int, b: int):
    return a ** b, pow(a, b)


@program((2, -1),)
def power_negative(a: int, b: int):
    return float(a) ** b


@program((2.0, 3.0), (4.0, 0.5), (-8.0, 3.0), (2.0, -1.0))
def power_float(a: float, b: float):
    return a ** b, pow(a, b)


@program((2, 0.5), (3, 2.0))
def power_mixed(a: int, b: float):
    return a ** b, b ** a


@program(())
def power_known():
    return 2 ** 10, 2.0 ** 3, 2 ** 0.5, 10 ** 0, 7 ** 2


@program((2.5,), (3.5,), (-2.5,), (0.49999999999999994,), (1e300,), (2.6,))
def rounds(x: float):
    return round(x)


@program(())
def rounds_known():
    return round(2.5), round(3.5), round(-2.5), round(7), round(2.675)


@program((2.7,), (-2.7,), (0.0,))
def rounding(x: float):
    return math.floor(x), math.ceil(x), int(x), abs(x), math.fabs(x)


@program((5,), (-5,), (0,))
def unary(x: int):
    return -x, abs(x), not x, bool(x), float(x)


@program((6, 3), (-1, 5), (0, 7), (1, 62))
def bits(a: int, b: int):
    return a & b, a | b, a ^ b, a << b, a >> b


@program(())
def bits_known():
    return 6 & 3, 6 | 3, 6 ^ 3, 1 << 4, 256 >> 2, -8 >> 1


@program((True, False), (True, True), (False, False))
def bools(a: bool, b: bool):
    return a and b, a or b, not a, a & b, a | b, a ^ b, a == b, a != b, int(a), float(b)


@program((1, 2), (2, 2), (3, 2))
def comparisons(a: int, b: int):
    return a < b, a <= b, a > b, a >= b, a == b, a != b


@program((1, 2.0), (2, 2.0), (3, 2.5))
def comparisons_mixed(a: int, b: float):
    return a < b, a <= b, a > b, a >= b, a == b, a != b, b < a, b == a


@program((5,), (0,), (10,))
def chained(x: int):
    return 0 < x < 10, 0 <= x <= 5


@program((1, 5, 3), (-1, 0, -5))
def extremes(a: int, b: int, c: int):
    return min(a, b), max(a, b), min(a, b, c), max(a, b, c)


@program((1.0, 5.5), (-0.5, float("inf")))
def extremes_float(a: float, b: float):
    return min(a, b), max(a, b), min(a, 2.0), max(b, 1.0)


@program((1, 2.5), (3, 2.5))
def extremes_mixed(a: int, b: float):
    return min(a, b), max(a, b)


@program((0.5,), (0.0,), (1.0,))
def math_functions(x: float):
    return math.sqrt(x), math.exp(x), math.sin(x), math.cos(x), math.tan(x), math.asin(x), math.acos(x), math.atan(x), math.sinh(x), \
        math.cosh(x), math.tanh(x), math.asinh(x), math.log1p(x), math.expm1(x), math.erf(x), math.erfc(x)


@program((2.5,), (0.5,), (10.0,))
def math_logs(x: float):
    return math.log(x), math.log10(x), math.log(x, 3.0), math.gamma(x), math.lgamma(x)


@program((3.0, 4.0), (-1.0, 2.0), (0.0, -1.0))
def math_two(x: float, y: float):
    return math.atan2(x, y), math.copysign(x, y), math.fmod(x, y), math.remainder(x, y) if False else 0.0, math.pow(x, 2.0)


@program((5.75,), (-0.1,), (0.0,), (1e10,))
def math_parts(x: float):
    return math.modf(x), math.frexp(x), math.ldexp(x, 3), math.degrees(x), math.radians(x)


@program((5,), (0,), (10,), (20,))
def math_integers(n: int):
    return math.factorial(n), math.gcd(n, 15), math.sqrt(n + 1), math.log(n + 1)


@program((float("nan"),), (float("inf"),), (1.0,), (float("-inf"),))
def math_tests(x: float):
    return math.isnan(x), math.isinf(x), math.isfinite(x)


@program(())
def math_known():
    return math.pi, math.e, math.inf, math.sqrt(4.0), math.floor(2.7), math.ceil(2.1), math.factorial(5), \
        math.gcd(12, 18), math.atan2(1.0, 1.0), math.copysign(1.0, -2.0), math.degrees(math.pi), math.modf(2.5), math.frexp(8.0), math.gamma(5.0), math.tau


@program(())
def math_domain():
    return math.sqrt(-1.0)


@program((-1.0,), (0.0,))
def math_domain_given(x: float):
    return math.log(x)


@program((-1,))
def factorial_negative(n: int):
    return math.factorial(n)


@program(())
def conversions_known():
    return int(2.9), int(-2.9), float(3), bool(0), bool(2), int(True), float("1.5"), bool(0.0), complex(1, 2), int("7")


@program((2.9,), (-2.9,), (0.0,))
def conversions(x: float):
    return int(x), bool(x), float(x)


@program((torch.tensor(5), torch.tensor(2.5), torch.tensor(True)))
def tensor_conversions(x: Tensor, y: Tensor, z: Tensor):
    return int(x), float(x), bool(x), int(y), float(y), bool(y), int(z), float(z), bool(z)


@program((torch.tensor(5), torch.tensor(2.5)))
def items(x: Tensor, y: Tensor):
    return x.item(), y.item()


@program((1 + 2j, 3 - 1j),)
def complex_numbers(a: complex, b: complex):
    return a + b, a - b, a * b, a / b, a == b, a != b, abs(a), -a


@program((1 + 2j, 2.0, 3))
def complex_mixed(a: complex, f: float, i: int):
    return a + f, a * i, f - a, a == f, complex(f, i), complex(i), complex(f)


@program(())
def complex_known():
    a = 1 + 2j
    b = 3j
    return a + b, a * b, a / b, abs(a), complex(1.5, 2), a - 1, 2.0 * a, -a, a == 1 + 2j


@program((1 + 2j,), (-1 + 0j,))
def complex_math(a: complex):
    return cmath.sqrt(a), cmath.exp(a), cmath.log(a), cmath.phase(a), cmath.sin(a), cmath.cos(a)


@program((1 + 2j,))
def complex_more(a: complex):
    return cmath.tan(a), cmath.asin(a), cmath.acos(a), cmath.atan(a), cmath.sinh(a), cmath.cosh(a), cmath.tanh(a), cmath.log10(a)


@program((1.0, 2.0))
def complex_rect(r: float, p: float):
    return cmath.rect(r, p)


@program((1 + 2j, 2.0), (0j, 2.0))
def complex_power(a: complex, b: float):
    return a ** b, a ** (1 + 1j)


@program((1 + 2j,))
def complex_text(a: complex):
    print(a)
    return str(a)


@program((torch.tensor([1 + 2j]),))
def complex_tensor(x: Tensor):
    return x * (1 + 1j), x.real * 1.0, x.imag * 1.0, x + 1j


@program((5,))
def augmented(n: int):
    a = n
    a += 1
    a -= 2
    a *= 3
    a = a // 2
    a %= 4
    a **= 2
    b = float(n)
    b /= 2
    return a, b


@program((6,))
def augmented_bits(n: int):
    a = n
    a |= 1
    a &= 5
    a ^= 7
    a <<= 2
    a >>= 1
    return a


@program((9223372036854775807,))
def overflow(n: int):
    return n + 1, n * 2


@program((3,), (0,))
def ternary(n: int):
    return 1 if n > 2 else 0, "a" if n else "b"


@program((2, 3.0, 1 + 1j))
def scalars_to_tensors(i: int, f: float, c: complex):
    return torch.tensor(i), torch.tensor(f), torch.tensor([i, 2]), torch.tensor(f > 2), torch.tensor([f, 1.0])


@program((torch.ones(2), 3, 2.5, True))
def with_tensor(x: Tensor, i: int, f: float, b: bool):
    return x + i, x * f, i - x, f / x, x ** i, x + b


@program((7,))
def is_comparison(n: int):
    return n is None, n is not None


@program((1,), (2,))
def hashing(n: int):
    return hash(n) == hash(n), hash(n)


@program((3.7, 2))
def numbers_mixed_types(f: float, i: int):
    return f + i > 5, f * i, float(i) / f, int(f) // i, i * 2.0


@program(([3, 4], [1.5]))
def list_arithmetic(x: List[int], y: List[float]):
    return x[0] // x[1], x[0] / x[1], y[0] ** x[0], x[1] % x[0], -x[0], abs(-y[0])


@program((10, 3))
def exact_division(a: int, b: int):
    assert b != 0, "zero"
    return a // b * b + a % b == a


@program((1.5, 2), (float("nan"), 1))
def float_int_eq(a: float, b: int):
    return a == b, a != b


@program((5,))
def ranges(n: int):
    s = 0
    for i in range(n):
        s += i
    for i in range(1, n, 2):
        s += i * 10
    for i in range(n, 0, -1):
        s += i * 100
    return s


@program(())
def large_constants():
    return 9223372036854775807, -9223372036854775807, 1e308, 5e-324, 0.1 + 0.2, 2 ** 62


@program((torch.tensor([3, 4]),))
def int_of_items(x: Tensor):
    return int(x[0]) + int(x[1]), x[0].item() + 1, x.sum().item() * 2


@program((torch.tensor(5.0), torch.tensor(2)))
def items_arithmetic(x: Tensor, y: Tensor):
    a = float(x)
    b = int(y)
    return a / b, a // b, b ** 2, b << 1, b % 3, -a, round(a), math.sqrt(a), max(a, b), min(b, 1)


@program((float("nan"), 1.0), (2.0, float("nan")))
def equal_to_itself(a: float, b: float):
    c = a
    d = b + 1
    return a == a, a != a, c == a, a <= a, b == b, d != d, a == b
