# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Forks and awaits of scripted programs: values, errors, laziness (by prints), and tasks as results.

  test_tasks.py [--match RE]
"""
import contextlib
import io
import sys
from functools import partial
from pathlib import Path
from typing import Dict, List

import torch
from torch import Tensor
from torch.jit import Future
from torch.jit._await import _awaitable, _awaitable_nowait, _awaitable_wait
from torch.jit import _Await

import harness


def double(x: Tensor) -> Tensor:
    return x * 2


def loud(x: Tensor, name: str) -> Tensor:
    print(name)
    return x + 1


def fails(x: Tensor) -> Tensor:
    if x.dim() == 1:
        raise ValueError("one dimension")
    return x


def nested(x: Tensor) -> Tensor:
    f = torch.jit.fork(double, x)
    g = torch.jit.fork(double, x + 1)
    return torch.jit.wait(f) + torch.jit.wait(g)


class ForkWait(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(double, x)
        y = x + 1
        return torch.jit.wait(f) + y


class ForkList(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        futures: List[Future[Tensor]] = []
        for i in range(5):
            futures.append(torch.jit.fork(double, x + i))
        total = torch.zeros_like(x)
        for f in futures:
            total = total + torch.jit.wait(f)
        return total


class ForkDict(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        futures: Dict[str, Future[Tensor]] = {"a": torch.jit.fork(double, x), "b": torch.jit.fork(nested, x)}
        return torch.jit.wait(futures["b"]) - torch.jit.wait(futures["a"])


class ForkTwice(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(nested, x)
        return torch.jit.wait(f) * torch.jit.wait(f)


class ForkRaises(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(fails, x)
        y = x * 2
        return torch.jit.wait(f) + y


class ForkReturned(torch.nn.Module):
    def forward(self, x: Tensor) -> Future[Tensor]:
        return torch.jit.fork(double, x)


class AwaitLazy(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        a = _awaitable(loud, x, "first")
        b = _awaitable(loud, x, "second")
        c = _awaitable(loud, x, "never")
        print("before")
        y = _awaitable_wait(b) + _awaitable_wait(a)
        return y + _awaitable_wait(b)


class AwaitNow(torch.nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return _awaitable_wait(_awaitable_nowait(x * 3))


class AwaitReturned(torch.nn.Module):
    def forward(self, x: Tensor) -> _Await[Tensor]:
        return _awaitable(double, x)


PROGRAMS = [ForkWait, ForkList, ForkDict, ForkTwice, ForkRaises, ForkReturned, AwaitLazy, AwaitNow, AwaitReturned]


def expected(program, x):
    """(value, lines printed, error) of PyTorch; TorchScript prints past Python, so prints are not caught but known."""
    try:
        value = program(x)
    except Exception as e:
        return None, str(e)
    return (value.wait() if hasattr(value, "wait") else value), None


def check(cls, folder):
    program = torch.jit.script(cls())
    model = folder / "m.pt"
    program.save(str(model))
    so = None
    for shape in ((3,), (2, 3), (0, 2)):
        x = torch.randn(shape)
        case = harness.write_case(folder / "case", (x,))
        so = harness.compile(model, folder / f"m{len(shape)}.so", case)
        with contextlib.redirect_stdout(io.StringIO()):
            value, error = expected(program, x)
        try:
            got, tree = harness.run(so, case, folder / "out")
        except harness.ProgramError as e:
            if error is None:
                return f"{shape}: raised {e}"
            if e.message not in error:
                return f"{shape}: raised {e.message!r}, expected {error.strip().splitlines()[-1]!r}"
            continue
        if error is not None:
            return f"{shape}: PyTorch raises {error.strip().splitlines()[-1]!r}"
        problem = harness.compare(got, value, value)
        if problem:
            return f"{shape}: {problem}"
        if cls is AwaitLazy and tree.get("stdout") != "before\nsecond\nfirst\n":
            return f"printed {tree.get('stdout')!r}"
    return None


if __name__ == "__main__":
    sys.exit(harness.main((cls.__name__, partial(check, cls)) for cls in PROGRAMS))
