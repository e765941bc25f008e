# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Dicts."""
from collections import OrderedDict
from typing import Dict, List, Optional, Tuple

import torch
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


@program(({"a": 1, "b": 2}, "a"), ({}, "z"))
def get_item(d: Dict[str, int], k: str):
    return d[k]


@program(())
def missing_known():
    d = {"a": 1}
    return d["b"]


@program(({1: 2.0}, 1), ({5: 1.0}, 3))
def missing_int(d: Dict[int, float], k: int):
    return d[k]


@program(({"a": 1},))
def methods(d: Dict[str, int]):
    d["b"] = 2
    d["c"] = 3
    x = d.pop("a")
    y = d.pop("zz", 9)
    z = d.setdefault("q", 7)
    w = d.get("b")
    v = d.get("nothing")
    u = d.get("nothing", 4)
    d.update({"r": 1})
    return d, x, y, z, w, v, u


@program(())
def methods_known():
    d = {"a": 1}
    d["b"] = 2
    d["c"] = 3
    x = d.pop("a")
    y = d.pop("zz", 9)
    z = d.setdefault("q", 7)
    w = d.get("b")
    v = d.get("nothing")
    u = d.get("nothing", 4)
    d.update({"r": 1})
    e = d.copy()
    del e["b"]
    return d, e, x, y, z, w, v, u


@program(({"a": 1, "b": 2},), ({"z": 5},))
def parts(d: Dict[str, int]):
    return list(d.keys()), list(d.values()), list(d.items()), d.keys(), d.values(), len(d)


@program(())
def parts_known():
    d = {"a": 1.5, "b": 2.5}
    return list(d.keys()), list(d.values()), list(d.items()), len(d), list(d)


@program(({"a": 1, "b": 2},), ({},))
def iterate_keys(d: Dict[str, int]):
    out = ""
    n = 0
    for k in d:
        out += k
        n += d[k]
    return out, n


@program(({"a": 1, "b": 2},))
def iterate_items(d: Dict[str, int]):
    out: List[str] = []
    for k, v in d.items():
        out.append(f"{k}={v}")
    return out


@program(({"a": 1, "b": 2},))
def iterate_values(d: Dict[str, int]):
    n = 0
    for v in d.values():
        n += v
    for k in d.keys():
        n += len(k)
    return n


@program(())
def iterate_known():
    d = {1: "x", 2: "y"}
    s = ""
    for k, v in d.items():
        s += v * 1 if False else v + str(k)
    return s


@program(({1.5: "a", 2.5: "b"}, 2.5))
def float_keys(d: Dict[float, str], k: float):
    d[k + 1.0] = "new"
    return d[k], k in d, d


@program(({True: 1},))
def bool_keys(d: Dict[bool, int]):
    d[False] = 5
    return d[True], d


@program(({1j: 1},))
def complex_keys(d: Dict[complex, int]):
    d[2j] = 5
    return d[1j], d


@program(())
def complex_keys_known():
    d = {1j: 1, 2 + 1j: 2}
    return d[1j], d


@program((X,))
def tensor_keys(x: Tensor):
    d = {x: 1}
    d[x + 1] = 2
    return d[x], len(d)


@program(({"x": X, "y": X + 1},))
def tensor_values(d: Dict[str, Tensor]):
    d["z"] = d["x"] + d["y"]
    return d


@program((X,))
def tensor_dict_made(x: Tensor):
    d = {"a": x, "b": x * 2}
    d["c"] = d["a"] - d["b"]
    return d


@program((X,))
def tensor_dict_empty(x: Tensor):
    d: Dict[str, Tensor] = {}
    d["a"] = x
    e = torch.jit.annotate(Dict[str, int], {})
    e["q"] = 1
    return d, e


@program(({"a": [1, 2], "b": []},))
def list_values(d: Dict[str, List[int]]):
    d["a"].append(3)
    d["b"] += [1]
    d["c"] = [7]
    return d


@program(({"a": {"b": 1}},))
def nested(d: Dict[str, Dict[str, int]]):
    d["a"]["c"] = 2
    d["z"] = {"y": 0}
    return d, d["a"]["b"]


@program(({"a": (1, "x")},))
def tuple_values(d: Dict[str, Tuple[int, str]]):
    a, b = d["a"]
    d["b"] = (a + 1, b + "y")
    return d


@program(({"a": None, "b": 1},))
def optional_values(d: Dict[str, Optional[int]]):
    x = d["a"]
    y = d["b"]
    if y is not None:
        d["c"] = y + 1
    return d, x is None, y


@program(([1, 2, 3],))
def comprehension(x: List[int]):
    return {i: i * i for i in x}


@program((3,))
def comprehension_strings(n: int):
    return {str(i): i for i in [1, 2, 3]}


@program(())
def constructor():
    d = dict([("a", 1), ("b", 2)])
    e = dict({"a": 1})
    f: Dict[str, int] = dict()
    g = dict({"a": 1}, b=2)
    f["x"] = 1
    return d, e, f, g


@program(([("a", 1), ("b", 2), ("a", 3)],))
def from_pairs(x: List[Tuple[str, int]]):
    return dict(x)


@program(())
def ordered():
    d = OrderedDict([("b", 1), ("a", 2)])
    d["c"] = 3
    return list(d.keys())


@program(({"a": 1}, {"b": 2, "a": 3}))
def update(d: Dict[str, int], e: Dict[str, int]):
    d.update(e)
    return d, e


@program(({"a": 1, "b": 2},), ({},))
def popitem(d: Dict[str, int]):
    return d.popitem(), d


@program(({"a": 1}, "a"), ({"a": 1}, "b"))
def delete(d: Dict[str, int], k: str):
    del d[k]
    return d


@program(({"a": 1}, "b"),)
def pop_missing(d: Dict[str, int], k: str):
    return d.pop(k)


@program(({"a": 1, "b": 2},))
def clear_and_alias(d: Dict[str, int]):
    e = d
    f = d.copy()
    d.clear()
    e["n"] = 1
    return d, e, f, d is e


@program(({"a": 1}, {"a": 1}), ({"a": 1}, {"a": 2}))
def printed(d: Dict[str, int], e: Dict[str, int]):
    print(d, e)
    print({"k": [1, 2]}, {1: "x"}, {1.5: True})
    return str(d)


@program(({"a": 1, "b": 5},))
def augmented(d: Dict[str, int]):
    d["a"] += 10
    d["b"] *= 2
    d["a"] -= d["b"]
    return d


@program(({1: "a"}, 2))
def insertion_order(d: Dict[int, str], k: int):
    d[k] = "b"
    d[0] = "c"
    d[1] = "z"
    del d[k]
    d[k] = "again"
    return d, list(d.keys())


@program(({"a": 1},))
def optional_get(d: Dict[str, int]):
    x = d.get("a")
    y = d.get("b")
    n = 0
    if x is not None:
        n += x
    if y is not None:
        n += y * 100
    return n


@program(({"b": 1, "a": 2},))
def sorted_keys(d: Dict[str, int]):
    return sorted(d.keys()), sorted(d.values())


@program((["a", "b", "a", "c", "a"],))
def count_words(x: List[str]):
    d: Dict[str, int] = {}
    for w in x:
        if w in d:
            d[w] += 1
        else:
            d[w] = 1
    return d


@program((X, "b"), (X, "q"))
def choose(x: Tensor, k: str):
    d = {"a": x + 1, "b": x * 2}
    if k in d:
        return d[k]
    return x


@program(({"a": X}, "a"))
def in_tuple(d: Dict[str, Tensor], k: str):
    t = (d, k)
    t[0]["n"] = torch.ones(1)
    return t


@program(({"l": [X, X + 1]},))
def lists_of_tensors(d: Dict[str, List[Tensor]]):
    return torch.cat(d["l"]), d


@program(())
def integer_keys_known():
    d = {1: 2, 3: 4}
    d[5] = 6
    d[1] += 10
    return d, 3 in d, 4 in d, d.get(9, -1)


@program((2,))
def key_from_argument(n: int):
    d = {1: 10, 2: 20}
    d[n] += 1
    d[n + 1] = 5
    return d


@program(({"a": 1, "b": 2},))
def zip_dict(d: Dict[str, int]):
    out: List[Tuple[int, str]] = []
    for i, k in enumerate(d.keys()):
        out.append((i, k))
    for k, v in zip(d.keys(), d.values()):
        out.append((v, k))
    return out
