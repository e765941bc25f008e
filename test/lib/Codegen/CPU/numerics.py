# RUN: ingotc %S/Inputs/loops.mlir --start-from=tiled -o %t.loops.so
# RUN: ingotc %S/Inputs/products.mlir --start-from=tiled -o %t.products.so
# RUN: %python %s %t.loops.so %t.products.so
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs hand-written linalg methods at sizes 0, 1, 2, 3, 17 and 64 against NumPy."""
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile

import numpy as np

SIZES = [0, 1, 2, 3, 17, 64]
DTYPES = {"float32": np.float32, "int64": np.int64, "bool": np.bool_}
LOOPS, PRODUCTS = sys.argv[1:3]
rng = np.random.default_rng(0)
failures = 0


def random(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def call(library, method, inputs):
    with tempfile.TemporaryDirectory() as folder:
        command = ["ingot-run", library, "--method", method, "--out", folder]
        for name, value in inputs.items():
            if isinstance(value, np.ndarray):
                np.save(f"{folder}/{name}.npy", value)
                command += ["--input", f"{name}={folder}/{name}.npy"]
            else:
                command += ["--input", f"{name}=int:{value}"]
        subprocess.run(command, check=True, capture_output=True)
        with open(f"{folder}/out.json") as f:
            out = json.load(f)
        data = b""
        if os.path.exists(f"{folder}/out.bin"):
            with open(f"{folder}/out.bin", "rb") as f:
                data = f.read()

    def convert(tree):
        if tree["t"] == "tensor":
            dtype, count = DTYPES[tree["dtype"]], int(np.prod(tree["shape"]))
            if not count:
                return np.zeros(tree["shape"], dtype)
            return np.frombuffer(data, dtype, count, tree.get("offset", 0)).reshape(tree["shape"])
        if tree["t"] in ("tuple", "list"):
            return [convert(x) for x in tree["v"]]
        return np.asarray(tree["v"])

    result = convert(out["outputs"])
    return result if isinstance(result, list) else [result]


def check(library, method, wanted, **inputs):
    global failures
    shapes = {k: getattr(v, "shape", v) for k, v in inputs.items()}
    try:
        got = call(library, method, inputs)
    except subprocess.CalledProcessError as error:
        failures += 1
        print(method, shapes, error.stderr.decode())
        return
    for i, (g, w) in enumerate(zip(got, wanted)):
        w = np.asarray(w)
        if g.shape != w.shape or not np.allclose(
                g.astype(np.float64), w.astype(np.float64), rtol=1e-5, atol=1e-5, equal_nan=True):
            failures += 1
            print(method, shapes, "result", i, "differs:", g.shape, w.shape)


def softmax(x):
    if not x.shape[1]:
        return x
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def scan(x):
    state, states = np.zeros(x.shape[1], np.float32), []
    for row in x:
        state = row + state * np.float32(0.5)
        states.append(state)
    return [state, np.array(states, np.float32).reshape(x.shape)]


def max_pool(x):
    padded = np.pad(x, ((0, 0), (1, 3), (2, 1), (0, 0)), constant_values=-1)
    height, width = (padded.shape[1] - 3) // 2 + 1, (padded.shape[2] - 3) // 2 + 1
    out = np.full((x.shape[0], height, width, x.shape[3]), -np.inf, np.float32)
    for i, j in itertools.product(range(3), range(3)):
        out = np.maximum(out, padded[:, i:i + 2 * height - 1:2, j:j + 2 * width - 1:2])
    return [padded, out]


def convolution(x, w):
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    out = np.zeros(x.shape[:3] + (w.shape[0],), np.float32)
    for i, j in itertools.product(range(3), range(3)):
        out += padded[:, i:i + x.shape[1], j:j + x.shape[2]] @ w[:, :, i, j].T
    return out


for a in SIZES:
    x = random(a)
    check(LOOPS, "scale", [x * 2 + 1], x=x)
    for k in (0, 1, 3):
        check(LOOPS, "grow", [np.concatenate([x] * k) if k else np.zeros(0)], x=x, k=k)
        value = (x * 2 if k else x) + k * x
        check(LOOPS, "branch", [value, a, value > 0], x=x, k=k)
    x, w, b = random(a, 33), random(40, 33), random(40)
    check(PRODUCTS, "linear", [np.maximum(x @ w.T + b, 0)], x=x, w=w, bias=b)
    check(PRODUCTS, "constlinear", [x @ np.full((33, 40), 0.5)], x=x)
    for b in SIZES:
        x = random(a, b)
        check(LOOPS, "softmax", [softmax(x)], x=x)
        check(LOOPS, "sumrows", [x.sum(0), x.T, -x.T, x.sum()], x=x)
        check(LOOPS, "scan", scan(x), x=x)
        table, ids = random(10, 48), rng.integers(0, 10, (a, b))
        check(LOOPS, "embed", [table[ids]], ids=ids, table=table)
        y, bias, s = random(a, b, 32), random(32), random(b)
        check(LOOPS, "bias", [(y + bias) * s[:, None]], x=y, b=bias, s=s)
        if b:
            y = random(a, 3)
            both = np.concatenate([x, y], 1)
            check(LOOPS, "concat", [both, x.T, both[:, 1:4:2]], x=x, y=y)
        y = random(b, 5)
        check(PRODUCTS, "loops", [x @ y], x=x, y=y)
        q, k = random(2, a, 4, 32), random(2, b, 4, 32)
        check(PRODUCTS, "scores", [np.einsum("bihd,bjhd->bhij", q, k)], q=q, k=k)
        check(PRODUCTS, "argmax", [x.argmax(1) if b else np.zeros(a), (x > 0).any(1)], x=x)
# The last one has no room in a core's second cache: images go one by one.
for shape in [(1, 1, 1), (2, 5, 3), (1, 8, 8), (3, 17, 2), (0, 4, 4), (2, 64, 17), (3, 71, 69)]:
    x = random(*shape, 5)
    check(LOOPS, "padpool", max_pool(x), x=x)
    x, w, b = random(*shape, 16), random(32, 16, 3, 3), random(32)
    check(PRODUCTS, "conv", [np.maximum(convolution(x, w) + b, 0)], x=x, w=w, b=b)
# Large enough for several threads, and for blocks.
x = np.abs(random(300, 700))  # sums that do not cancel
check(LOOPS, "sumrows", [x.sum(0), x.T, -x.T, x.sum(dtype=np.float64)], x=x)
x, w, b = random(3001, 33), random(40, 33), random(40)
check(PRODUCTS, "linear", [np.maximum(x @ w.T + b, 0)], x=x, w=w, bias=b)
x = random(5, 100000)
check(LOOPS, "softmax", [softmax(x)], x=x)
check(PRODUCTS, "state", [np.array([1, 2, 3, 4])], x=random(4))
special = [0, -1, 1e-40, 1e-38, 3e38, np.inf, -np.inf, np.nan, 1]
x = np.concatenate([random(200) * 3, np.array(special, np.float32)])
with np.errstate(all="ignore"):
    check(PRODUCTS, "math", [np.exp(x), np.tanh(x), [math.erf(v) for v in x], np.log(x)], x=x)
sys.exit(1 if failures else 0)
