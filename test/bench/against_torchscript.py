# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the host program costs, beside TorchScript's interpreter, in interleaved rounds.

  against_torchscript.py [--rounds N] [--match RE]      # INGOT_BUILD names the build tree

Each program repeats one thing n times; the figures are nanoseconds of one repetition, medians over the rounds. Forks are
not elided (--elide-forks=off). `branches` compares our own forked and unforked program on two threads. What a fork and an
await of the runtime cost is measured by ingot-task-bench: a scripted fork of numbers alone becomes no task here.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Dict, List

import torch

BIN = Path(os.environ.get("INGOT_BUILD", "build")) / "bin"
PROGRAMS = {}


def program(repetitions, *inputs, threads=1):
    def register(function):
        PROGRAMS[function.__name__] = (function, repetitions, inputs, threads)
        return function
    return register


def step(x: int) -> int:
    return x * 3 + 1 if x % 2 else x // 2


@program(200000)
def scalar_loop(n: int) -> int:
    x, steps = 27, 0
    for i in range(n):
        x = step(x)
        if x == 1:
            x = i
        steps += x % 3
    return steps


@program(200000)
def list_append(n: int) -> int:
    values: List[int] = []
    for i in range(n):
        values.append(i)
    return len(values)


@program(200000)
def list_index(n: int) -> int:
    values = [i * i for i in range(1000)]
    total = 0
    for i in range(n):
        total += values[i % 1000]
    return total


@program(200000)
def dict_of_ints(n: int) -> int:
    table: Dict[int, int] = {}
    for i in range(1000):
        table[i * 7] = i
    total = 0
    for i in range(n):
        total += table[(i % 1000) * 7]
    return total


@program(200000)
def dict_of_texts(n: int) -> int:
    table = {"alpha": 1, "beta": 2, "gamma": 3, "delta": 4}
    names = ["alpha", "beta", "gamma", "delta"]
    total = 0
    for i in range(n):
        total += table[names[i % 4]]
    return total


def chain(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    for _ in range(60):
        x = torch.tanh(x @ w)
    return x


@program(1, torch.randn(64, 64) / 8, torch.randn(64, 64) / 8, threads=2)
def branches_forked(x, w):
    a = torch.jit.fork(chain, x, w)
    b = torch.jit.fork(chain, w, x)
    return torch.jit.wait(a) + torch.jit.wait(b)


@program(1, torch.randn(64, 64) / 8, torch.randn(64, 64) / 8, threads=2)
def branches_in_sequence(x, w):
    return chain(x, w) + chain(w, x)


class Measured:
    def __init__(self, name, folder):
        function, self.repetitions, self.inputs, self.threads = PROGRAMS[name]
        self.scripted = torch.jit.script(function)
        self.so = folder / f"{name}.so"
        torch.jit.save(torch.jit.script(self.module(function)), str(folder / f"{name}.pt"))
        types = ["--input=x=f32[64,64]", "--input=w=f32[64,64]"] if self.inputs else ["--input=n=int"]
        subprocess.run([BIN / "ingotc", folder / f"{name}.pt", "-o", self.so, *types, "--elide-forks=off"], check=True)
        self.arguments = ["--input", f"n=int:{self.repetitions}"]
        if self.inputs:
            import numpy
            for key, value in zip("xw", self.inputs):
                numpy.save(folder / f"{name}_{key}.npy", value.numpy())
            self.arguments = [a for k in "xw" for a in ("--input", f"{k}={folder / f'{name}_{k}.npy'}")]
        self.ours, self.theirs = [], []

    @staticmethod
    def module(function):
        tensors = function.__name__.startswith("branches")

        class Program(torch.nn.Module):
            if tensors:
                def forward(self, x, w):
                    return function(x, w)
            else:
                def forward(self, n: int):
                    return function(n)
        return Program()

    def measure(self):
        torch.set_num_threads(self.threads)
        arguments = self.inputs or (self.repetitions,)
        for _ in range(2):
            start = time.perf_counter_ns()
            self.scripted(*arguments)
            self.theirs.append((time.perf_counter_ns() - start) / self.repetitions)
        out = subprocess.run([BIN / "ingot-run", self.so, *self.arguments, "--json", "--warmup", "2", "--repeat", "5",
                              "--threads", str(self.threads)], check=True, capture_output=True, text=True).stdout
        self.ours += [ns / self.repetitions for ns in json.loads(out)["ns"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--match", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = {name: Measured(name, Path(folder)) for name in PROGRAMS if re.search(options.match, name)}
        for m in measured.values():
            for _ in range(3):
                m.scripted(*(m.inputs or (100,)))  # the profiling executor has seen it
        for _ in range(options.rounds):
            for m in measured.values():
                m.measure()
        print(f"{'':24}{'ingot':>12}{'torchscript':>14}{'times':>8}   (ns)")
        for name, m in measured.items():
            ours, theirs = statistics.median(m.ours), statistics.median(m.theirs)
            print(f"{name:24}{ours:12.1f}{theirs:14.1f}{theirs / ours:8.1f}")


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
