# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lists, tuples and dicts: every method with every kind of element, slices, comparison, nesting."""
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)
S = [torch.tensor(3), torch.tensor(1), torch.tensor(2)]


@program(([1, 2, 3, 4, 5], 1, 4), ([1, 2, 3, 4, 5], -2, 10), ([1, 2], 1, 0))
def slice_bounds(x: List[int], a: int, b: int):
    return x[a:b], x[a:], x[:b], x[a:b:2], x[::a + 5], x[-1:], x[:-1]


@program(([1, 2, 3, 4, 5], 2), ([1, 2, 3], -1), ([], 3))
def slice_step(x: List[int], k: int):
    return x[::k], x[1::k], x[:3:k]


@program((["a", "b", "c"], ["x"], [1.5, 2.5], [True, False]))
def methods_of_kinds(s: List[str], t: List[str], f: List[float], b: List[bool]):
    s.append("d")
    s.extend(t)
    s.insert(1, "i")
    s.remove("b")
    p = s.pop(0)
    i = s.index("c")
    c = s.count("x")
    s.reverse()
    f.insert(0, 0.5)
    f.extend(f)
    f.sort()
    b.reverse()
    b.append(True)
    return s, f, b, p, i, c, b.count(True), f.index(1.5)


@program(([[1], [2, 3]],))
def lists_of_lists(x: List[List[int]]):
    x.append([4])
    x[0].extend([7, 8])
    x.insert(0, [0])
    y = x.pop(1)
    x.reverse()
    return x, y


@program(([(1, "a"), (2, "b")],))
def lists_of_tuples(x: List[Tuple[int, str]]):
    x.append((0, "z"))
    x.sort()
    return x, x[-1][1]


@program((S,))
def tensors_sorted(x: List[Tensor]):
    x.sort()
    y = [int(t) for t in x]
    x.sort(reverse=True)
    return y, x


@program((S,))
def tensors_searched(x: List[Tensor]):
    return x.index(torch.tensor(1)), x.count(torch.tensor(2))


@program((S,))
def tensors_removed(x: List[Tensor]):
    x.remove(torch.tensor(1))
    return x


@program(([X, X], [X, X]), ([X], [X + 1]), ([X], [X, X]))
def tensors_compared(x: List[Tensor], y: List[Tensor]):
    return x == y, x != y


@program(([X, X + 1, X + 2],))
def tensors_moved(x: List[Tensor]):
    x.reverse()
    x.extend([x[0]])
    y = x.pop(1)
    x.insert(1, y * 2)
    x[0] = y
    z = x[1:]
    del x[0]
    return x, z, len(x), x[-1]


@program(([1, 2], [1, 2]), ([1, 2], [1, 3]), ([], [1]))
def list_comparison(x: List[int], y: List[int]):
    return x == y, x != y, [x, y] == [y, x] if False else True


@program(((1, 2), (1, 3)), ((2, 0), (1, 9)))
def tuple_order(x: Tuple[int, int], y: Tuple[int, int]):
    l = [x, y]
    l.sort()
    return l


@program(((1, 2.5, "x"),))
def tuple_parts(t: Tuple[int, float, str]):
    a, *rest = t
    return t[0], t[-1], t[1:], t[:2], t[::2] if False else t, len(t), a, t + (1,)


@program((1, 2))
def tuple_operations(a: int, b: int):
    t = (a, b)
    u = t + t
    v = (t, u)
    return u, v, v[1][2], (a,) + (b,), t[0] < t[1]


@program(({"a": 1, "b": 2}, {"b": 5, "c": 6}))
def dict_methods(d: Dict[str, int], e: Dict[str, int]):
    a = d.get("a")
    b = d.get("z", 7)
    c = d.setdefault("n", 9)
    p = d.pop("a")
    q = d.pop("none", -1)
    d.update(e)
    f = d.copy()
    f.clear()
    return d, a, b, c, p, q, f, list(d.keys()), list(d.values()), list(d.items()), len(d), "b" in d, "q" not in d


@program(({1: "a", 2: "b"},))
def dict_int_keys(d: Dict[int, str]):
    d[3] = "c"
    del d[1]
    s = ""
    for k in d:
        s += d[k] + str(k)
    return d, s, 2 in d, sorted(d.keys())


@program(({0.5: 1, 1.5: 2},))
def dict_float_keys(d: Dict[float, int]):
    d[2.5] = d[0.5] + d[1.5]
    return d, 1.5 in d, list(d)


@program(({True: "t"}, {1 + 1j: 2}))
def dict_other_keys(b: Dict[bool, str], c: Dict[complex, int]):
    b[False] = "f"
    c[2j] = 3
    return b, c, b[True], c[1 + 1j], 2j in c


@program((X,))
def dict_tensor_keys(x: Tensor):
    y = x + 1
    d = {x: 1, y: 2}
    d[x] = 5
    return d[x], d[y], len(d), x in d


@program(({"a": {"x": 1}, "b": {}},))
def dict_of_dicts(d: Dict[str, Dict[str, int]]):
    d["b"]["y"] = 2
    d["c"] = {"z": 3}
    n = 0
    for k, v in d.items():
        for q, w in v.items():
            n += w
    return d, n


@program(({"a": [X], "b": []},))
def dict_of_tensor_lists(d: Dict[str, List[Tensor]]):
    d["b"].append(X_ONE())
    d["a"].append(d["a"][0] * 2)
    return d, len(d["a"])


def X_ONE() -> Tensor:
    return torch.ones(1)


@program((["a", "b"], [1, 2]))
def dict_from_zip(k: List[str], v: List[int]):
    d = dict(zip(k, v))
    e = {a: b for a, b in zip(k, v)}
    return d, e


@program(([1, 2, 3],))
def dict_comprehensions(x: List[int]):
    return {i: str(i) for i in x}, {str(i): [i] for i in x}, {i: {i: i} for i in x}


@program(({"a": 1, "b": 2},))
def dict_changed_in_loop(d: Dict[str, int]):
    for k in list(d.keys()):
        d[k] *= 10
        d[k + k] = d[k]
    return d


@program(({"x": 3, "y": 1},))
def dict_extremes(d: Dict[str, int]):
    best = ""
    n = -1
    for k in d:
        if d[k] > n:
            best, n = k, d[k]
    return best, max(d.values()), min(list(d.values())), sum(d.values())


@program(([3, 1, 2],))
def comprehension_shapes(x: List[int]):
    return [i for i in x], [[j for j in x] for i in x], [(i, str(i)) for i in x], [x[i] for i in range(len(x))], [-i for i in sorted(x)]


@program(({"a": 1, "b": 2},))
def comprehension_dict(d: Dict[str, int]):
    return [k for k in d], [k + str(v) for k, v in d.items()], [v for v in d.values()]


@program(("hello",))
def comprehension_string(s: str):
    return [c for c in s], [c + "!" for c in s], "".join([c for c in s[::-1]])


@program((X,))
def comprehension_tensor(x: Tensor):
    return [r.sum() for r in x], [float(v) for v in x[0]], [t * 2 for t in [x, x + 1]]


@program(([1, 2, 3],))
def alias_of_list(x: List[int]):
    y = x
    z = list(x)
    w = x.copy()
    y.append(4)
    x = x + [5]
    x.append(6)
    return x, y, z, w


@program(([1, 2],))
def list_in_itself(x: List[int]):
    l = [x, x]
    l[0].append(9)
    t = (x, l)
    t[0].append(10)
    return l, t, x


@program((3,))
def multiplied(n: int):
    return [0] * n, [1, 2] * 2, ["a"] * n, [[n]] * 2, n * [True], [1.5] * 0


@program(([1, 2], [3]))
def concatenated(x: List[int], y: List[int]):
    x += y
    z = x + y + [7]
    x.extend(x)
    return x, z


@program(([4, 5, 6],))
def indices(x: List[int]):
    return x[0], x[-1], x[len(x) - 1], x[1:][0], x[::-1][0]


@program((2, 1))
def known_list_unknown_index(i: int, j: int):
    a = [10, 20, 30]
    b = ["x", "y", "z"]
    c = [[1, 2], [3], [0]]
    d = [torch.ones(1), torch.zeros(1), torch.full((1,), 5.0)]
    a[i] += 5
    c[j].append(7)
    return a[i], b[j], c, d[i], a[i - j], b[i:], len(c[i])


@program(("b",), ("z",))
def known_dict_unknown_key(k: str):
    d = {"a": 1, "b": 2}
    e = {"a": [1], "b": [2, 3]}
    if k in d:
        d[k] += 10
        e[k].append(4)
    else:
        d[k] = 0
    return d, e, d[k]


@program(([None, 1, None],))
def optional_elements(x: List[Optional[int]]):
    x.append(None)
    x[0] = 5
    n = 0
    for v in x:
        if v is None:
            n += 1
    return x, n


@program((["b", "a"], {"k": ["v"]}))
def text_of(x: List[str], d: Dict[str, List[str]]):
    print(x, d, (x, 1))
    return str(x) + str(d) + str((x, 1))


@program(([5, 3, 5],))
def unique(x: List[int]):
    seen: Dict[int, bool] = {}
    out: List[int] = []
    for v in x:
        if v not in seen:
            seen[v] = True
            out.append(v)
    return out, len(seen)


@program(([1.5, 2.5], [1, 2]))
def mixed_arithmetic(x: List[float], y: List[int]):
    out = [a * b for a, b in zip(x, y)]
    return out, sum(out), max(x) + max(y), min(out)


@program((3,))
def tuple_of_lists(n: int):
    t = ([n], {"a": n})
    t[0].append(1)
    t[1]["b"] = 2
    a, b = t
    a.append(2)
    return t, a, b


@program(([[1, 2], [3, 4]],))
def transposed(x: List[List[int]]):
    return [[r[i] for r in x] for i in range(2)], [sum(r) for r in x], sum([sum(r) for r in x])


@program((True, [1]), (False, [1]))
def list_from_branch(b: bool, x: List[int]):
    y = x if b else [5, 6]
    y.append(7)
    return y, x


@program((True,), (False,))
def dict_from_branch(b: bool):
    d: Dict[str, int] = {}
    if b:
        d["a"] = 1
    else:
        d["b"] = 2
        d["c"] = 3
    return d, len(d), list(d)
