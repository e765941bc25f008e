# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""64 threads over 16 libraries in one process: right answers, one pool, no growth of memory.

  test_threads.py [--match RE]
"""
import os
import re
import subprocess
import sys
from typing import Dict, List

import torch

import harness
from test_embedding import CC, ROOT

THREADS, CALLS, WORKERS = 64, 100_000, 4


class Containers(torch.nn.Module):
    def __init__(self, k: int):
        super().__init__()
        self.k = k

    def forward(self, n: int) -> int:
        words: List[str] = []
        counts: Dict[str, int] = {}
        for i in range(n + self.k):
            words.append(f"w{i % 5}")
        for w in words:
            counts[w] = counts.get(w, 0) + len(w)
        total = 0
        for w, c in counts.items():
            total = total * 7 + c + ord(w[1])
        return total % 1000003


class Raises(torch.nn.Module):
    def __init__(self, k: int):
        super().__init__()
        self.k = k

    def forward(self, n: int) -> int:
        left = [self.k, n]
        while len(left) < n:
            left.append(left[-1] + left[-2])
        if n % 4 == self.k:
            raise ValueError(f"{n} is not allowed")
        return left[n // 2] + self.k


class Forks(torch.nn.Module):
    def __init__(self, k: int):
        super().__init__()
        self.k = k

    def part(self, n: int, j: int):
        x = torch.arange(n * 400 + 1)
        return (x * j + self.k).sum()

    def forward(self, n: int) -> int:
        parts = [torch.jit.fork(self.part, n, j) for j in range(3)]
        total = 0
        for p in parts:
            total += int(torch.jit.wait(p))
        return total


class Tensors(torch.nn.Module):
    def __init__(self, k: int):
        super().__init__()
        self.k = k

    def forward(self, n: int) -> int:
        rows: List[torch.Tensor] = []
        for i in range(n):
            rows.append(torch.full([3 + i % 2], i * self.k))
        if len(rows) == 0:
            return -1
        return int(torch.cat(rows).sum())


def many(folder):
    libraries, expected = [], []
    for cls in (Containers, Raises, Forks, Tensors):
        for k in range(4):
            scripted = torch.jit.script(cls(k))
            name = folder / f"{cls.__name__}{k}"
            scripted.save(f"{name}.pt")
            harness.call([harness.INGOTC, f"{name}.pt", "-o", f"{name}.so", "--input", "n=int", "--elide-forks=off"])
            libraries.append(f"{name}.so")
            results = []
            for n in range(32):
                try:
                    results.append(str(scripted(n)))
                except torch.jit.Error:
                    results.append("raises")
            expected.append(" ".join(results))
    (folder / "expected").write_text("\n".join(expected) + "\n")
    harness.call([CC, "-O1", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "runtime/include", ROOT / "test/e2e/threads.c", "-o", folder / "threads",
                  "-ldl", "-lpthread"])
    done = subprocess.run([folder / "threads", str(THREADS), str(CALLS), folder / "expected", *libraries], capture_output=True, text=True,
                          timeout=300, env={**os.environ, "INGOT_NUM_THREADS": str(WORKERS)})
    found = re.fullmatch(r"(\d+) wrong, (\d+) pools, (\d+) KiB, (\d+) KiB\n", done.stdout)
    if done.returncode or not found:
        return f"exit code {done.returncode}: {done.stdout}{done.stderr[:1000]}"
    wrong, pools, before, after = map(int, found.groups())
    if wrong:
        return f"{wrong} wrong answers of {CALLS}: {done.stderr[:1000]}"
    if pools != 1:
        return f"{pools} pools in one process"
    # Caches of 64 threads fill up by chance; 25 bytes lost a call would be this much.
    return f"{before} KiB became {after} KiB in {5 * CALLS} calls" if after - before > 12 * 1024 else None


if __name__ == "__main__":
    sys.exit(harness.main([("64 threads, 16 libraries", many)]))
