# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A library inside a C program: calls that are given up, tensors without memory, the process's locale.

  test_embedding.py [--match RE]
"""
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import torch

import harness

ROOT = Path(__file__).resolve().parents[2]
CC = shutil.which("cc") or shutil.which("clang") or str(Path(os.environ.get("INGOT_LLVM_PREFIX", "/usr/lib/llvm-22")) / "bin/clang")


class Affine(torch.nn.Module):
    def forward(self, x):
        return x * 2 + 1


class ForLoop(torch.nn.Module):
    def forward(self, x, n: int):
        for _ in range(n):
            x = x * 0.5 + 1
        return x


class WhileLoop(torch.nn.Module):
    def forward(self, x, n: int):
        i = 0
        while i < n:
            i += 1
        return x + i


class Nested(torch.nn.Module):
    def forward(self, x, n: int):
        for i in range(n):
            if i % 3 == 1:
                for _ in range(7):
                    x = x + i
        return x


class Texts(torch.nn.Module):
    def forward(self, s: str) -> str:
        return f"{float(s) * 1.5} {1e300} {s.isdigit()}"


def embed(folder, cls, types, *task, env=None):
    torch.jit.script(cls()).save(str(folder / "m.pt"))
    harness.call([harness.INGOTC, folder / "m.pt", "-o", folder / "m.so", *(o for t in types for o in ("--input", t))])
    harness.call([CC, "-O1", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "runtime/include", ROOT / "test/e2e/embed.c", "-o", folder / "embed", "-ldl"])
    done = subprocess.run([folder / "embed", folder / "m.so", *task], capture_output=True, text=True, timeout=60, env={**os.environ, **(env or {})})
    assert done.returncode == 0, f"exit code {done.returncode} {done.stderr}"
    return done.stdout


def no_memory(folder):
    return harness.lacks(r"^size 0\n$", embed(folder, Affine, ["x=f32[?]"], "empty"))


def given_up(cls, task, text, folder):
    return harness.lacks(text, embed(folder, cls, ["x=f32[?]", "n=int"], task))


def locale(folder):
    """German numbers have a comma: the program's have not."""
    (folder / "locales").mkdir()
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", folder / "locales/de_DE.UTF-8"], capture_output=True)
    if not (folder / "locales/de_DE.UTF-8/LC_NUMERIC").exists():
        return f"this machine cannot make a locale: {made}"
    printed = embed(folder, Texts, ["s=str"], "locale", "de_DE.UTF-8", env={"LOCPATH": str(folder / "locales")})
    return harness.lacks(r"^0,5 2\.25 1\.0000000000000001e\+300 False\n$", printed)


def null(folder):
    return harness.lacks(r"(?s)the path is empty\n.*the path is empty\n.*the name is NULL\n", embed(folder, Affine, ["x=f32[?]"], "null"))


DEADLINE, CANCELLED = "did not end before its deadline", "the call was cancelled"
TESTS = [("a tensor without memory", no_memory), ("locale", locale), ("null pointers", null)] + [
    (f"{cls.__name__} {task}", partial(given_up, cls, task, text))
    for cls in (ForLoop, WhileLoop, Nested) for task, text in (("deadline", DEADLINE), ("cancel", CANCELLED))]

if __name__ == "__main__":
    sys.exit(harness.main(TESTS))
