# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles programs with the real `ingotc`, runs them with the real `ingot-run`, and compares with PyTorch.

Inputs and results travel as case folders: case.json holds value trees, data.bin the tensors' bytes in row-major order.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import numpy as np
import torch

BUILD = Path(os.environ.get("INGOT_BUILD", Path(__file__).resolve().parents[2] / "build"))
INGOTC = BUILD / "bin" / "ingotc"
# "address" or "thread": libraries and ingot-run with that sanitizer (the build's target `sanitizers`).
SANITIZE = os.environ.get("INGOT_SANITIZE", "")
INGOT_RUN = BUILD / "bin" / ("ingot-run" + (f"-{SANITIZE}" if SANITIZE else ""))

DTYPES = {str(d).removeprefix("torch."): d for d in (
    torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
    torch.uint16, torch.uint32, torch.uint64, torch.bool, torch.complex64, torch.complex128)}


class ToolError(Exception):
    """A tool ended with a non-zero exit code."""

    def __init__(self, command, code, text):
        super().__init__(f"{Path(command[0]).name} ended with {code}: {text.strip()[-2000:]}")
        self.code, self.text = code, text


class ProgramError(Exception):
    """The compiled program raised."""

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind, self.message = kind, message


def call(command, timeout=300):
    command = [str(c) for c in command]
    if SANITIZE and command[0] == str(INGOTC) and not any(c.startswith("--sanitize") for c in command):
        command.append(f"--sanitize={SANITIZE}")
    p = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    if p.returncode:
        raise ToolError(command, p.returncode, p.stderr or p.stdout)
    return p.stdout


class CaseWriter:
    def __init__(self):
        self.data, self.count, self.storages = bytearray(), 0, {}

    def value(self, v):
        if v is None:
            return {"t": "none"}
        if isinstance(v, bool):
            return {"t": "bool", "v": v}
        if isinstance(v, int):
            return {"t": "int", "v": v}
        if isinstance(v, float):
            return {"t": "float", "v": v if np.isfinite(v) else str(v), "bits": np.float64(v).byteswap().tobytes().hex()}
        if isinstance(v, str):
            return {"t": "str", "v": v}
        if isinstance(v, torch.Tensor):
            return self.tensor(v)
        if isinstance(v, tuple) and hasattr(v, "_fields"):
            return {"t": "namedtuple", "class": type(v).__name__, "fields": list(v._fields), "v": [self.value(x) for x in v]}
        if isinstance(v, (list, tuple)):
            return {"t": "list" if isinstance(v, list) else "tuple", "v": [self.value(x) for x in v]}
        if isinstance(v, dict):
            return {"t": "dict", "v": [[self.value(k), self.value(x)] for k, x in v.items()]}
        raise TypeError(f"no case value for {type(v)}")

    def tensor(self, v):
        n, self.count = self.count, self.count + 1
        raw = v.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes() if v.numel() else b""
        self.data += b"\0" * (-len(self.data) % 16)
        node = {"t": "tensor", "dtype": str(v.dtype).removeprefix("torch."), "shape": list(v.shape), "strides": list(v.stride()),
                "storage_offset": v.storage_offset(), "requires_grad": v.requires_grad, "n": n, "offset": len(self.data), "nbytes": len(raw)}
        key = v.untyped_storage().data_ptr()
        if key in self.storages and v.numel():
            node["shares"] = self.storages[key]
        else:
            self.storages[key] = n
        self.data += raw
        return node


class Captured:
    """What is written to the file descriptor 1 meanwhile."""

    def __enter__(self):
        sys.stdout.flush()
        self.file = tempfile.TemporaryFile()
        self.saved = os.dup(1)
        os.dup2(self.file.fileno(), 1)
        return self

    def __exit__(self, *_):
        sys.stdout.flush()
        os.dup2(self.saved, 1)
        os.close(self.saved)
        self.file.seek(0)
        self.text = self.file.read().decode()


def write_case(folder, args, kwargs=None, method="forward", writer=None):
    """The case of a call; `writer` may know more kinds of values than CaseWriter."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    w = writer or CaseWriter()
    tree = {"format": 1, "method": method, "args": [w.value(a) for a in args], "kwargs": {k: w.value(v) for k, v in (kwargs or {}).items()},
            "raises": None, "outputs": None, "args_after": None, "random": [], "grad_enabled": torch.is_grad_enabled(), "default_dtype": "float32"}
    (folder / "case.json").write_text(json.dumps(tree))
    (folder / "data.bin").write_bytes(bytes(w.data))
    return folder / "case.json"


def read_value(node, data):
    t = node["t"]
    if t == "tensor":
        raw = bytearray(data[node["offset"]:node["offset"] + node["nbytes"]])
        dtype = DTYPES[node["dtype"]]
        return torch.frombuffer(raw, dtype=dtype).reshape(node["shape"]) if raw else torch.empty(node["shape"], dtype=dtype)
    if t == "none":
        return None
    if t == "float" and "bits" in node:
        return float(np.frombuffer(bytes.fromhex(node["bits"]), ">f8")[0])
    if t in ("int", "bool", "str", "float"):
        return node["v"]
    if t == "complex":
        return complex(read_value(node["re"], data), read_value(node["im"], data))
    if t in ("list", "tuple", "namedtuple"):
        items = [read_value(x, data) for x in node["v"]]
        return items if t == "list" else tuple(items)
    if t == "dict":
        return {read_value(k, data): read_value(x, data) for k, x in node["v"]}
    if t in ("future", "await"):
        return read_value(node["v"], data)
    raise ValueError(f"unknown kind of value {t!r} in out.json")


def compile(model, so, case=None, *options):
    call([INGOTC, model, "-o", so] + (["--case", case] if case else []) + list(options))
    return so


def run(so, case, out, *options):
    """Calls the method of a case; returns (outputs, the whole of out.json)."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    call([INGOT_RUN, so, "--case", case, "--out", out, *options])
    result = json.loads((out / "out.json").read_text())
    if result.get("raises"):
        raise ProgramError(result["raises"]["type"], result["raises"]["message"])
    binary = out / "out.bin"
    return read_value(result["outputs"], binary.read_bytes() if binary.exists() else b""), result


def flatten(v):
    if isinstance(v, (list, tuple)):
        return [y for x in v for y in flatten(x)]
    if isinstance(v, dict):
        return [y for x in v.values() for y in flatten(x)]
    return [v]


def to_double(v):
    if isinstance(v, torch.Tensor):
        return v.double() if v.is_floating_point() else v
    if isinstance(v, (list, tuple)):
        return type(v)(to_double(x) for x in v)
    return v


def compare(got, torch_result, reference):
    """None, or the first difference. Floats: the largest error against the float64 reference is at most
    max(1e-5 x its largest magnitude, PyTorch's own error); everything else is equal."""
    a, b, c = flatten(got), flatten(torch_result), flatten(reference)
    if len(a) != len(b):
        return f"{len(b)} results expected, got {len(a)}"
    for i, (x, y, z) in enumerate(zip(a, b, c)):
        if not isinstance(y, torch.Tensor):
            if x != y:
                return f"result {i}: {y!r} expected, got {x!r}"
            continue
        if not isinstance(x, torch.Tensor):
            return f"result {i}: tensor expected, got {x!r}"
        if x.dtype != y.dtype or x.shape != y.shape:
            return f"result {i}: {y.dtype} {list(y.shape)} expected, got {x.dtype} {list(x.shape)}"
        if not y.is_floating_point():
            if not torch.equal(x, y):
                return f"result {i}: values differ"
            continue
        if y.numel() == 0:
            continue
        if not torch.equal(torch.isnan(x), torch.isnan(y)):
            return f"result {i}: NaNs differ"
        fine = ~torch.isnan(y)
        err = (x.double() - z.double())[fine].abs().max().item() if fine.any() else 0.0
        own = (y.double() - z.double())[fine].abs().max().item() if fine.any() else 0.0
        limit = max(1e-5 * z.double()[fine].abs().max().item() if fine.any() else 0.0, own)
        if not err <= limit:
            return f"result {i}: largest error {err:.3g}, allowed {limit:.3g} (PyTorch's own {own:.3g})"
    return None


def lacks(pattern, text):
    """None where the regular expression is found in the text."""
    return None if re.search(pattern, text) else f"{pattern!r} expected, got {text.strip()[-400:]!r}"


def main(tests):
    """Runs tests, pairs of a name and a function of a fresh folder that gives a problem's text, or None, or raises;
    --match RE chooses. Prints the failures and the count; the process's exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--match", default="", help="only tests whose names this regular expression finds")
    options = parser.parse_args()
    passed = failed = 0
    for name, test in tests:
        if not re.search(options.match, name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                problem = test(Path(folder))
            except (AssertionError, ToolError, ProgramError) as e:
                problem = str(e) or type(e).__name__
            except Exception:
                problem = traceback.format_exc()
        passed, failed = passed + (problem is None), failed + (problem is not None)
        if problem is not None:
            print(f"FAIL {name}: {problem[:2000]}", flush=True)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0
