# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Forks whose work runs beside the rest of the program: values with 1 to 8 threads, in program order, with small forks too.

  test_forks.py [--match RE]

Each program also says whether it has forks that must have become tasks.
"""
import contextlib
import copy
import io
import os
import subprocess
import sys
from functools import partial
from typing import Dict, List

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.jit import Future

import harness


class Tower(nn.Module):
    def __init__(self, n: int, out: int = 64):
        super().__init__()
        self.a, self.b = nn.Linear(n, 128), nn.Linear(128, out)

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(self.b(F.relu(self.a(x))), dim=1)


class TwoTowers(nn.Module):
    """The fork and what runs beside it read other memory."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.u, x * 2)
        y = self.v(x + 1)
        return torch.jit.wait(f) @ y.t()


class SharedInput(nn.Module):
    """Both read one argument, and one tensor that was computed before."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def forward(self, x: Tensor) -> Tensor:
        h = torch.relu(x)
        f = torch.jit.fork(self.u, h)
        g = torch.jit.fork(self.u, x)
        y = self.v(h) + self.v(x)
        return torch.jit.wait(f) - torch.jit.wait(g) + y


class Fan(nn.Module):
    """Many at once, through a list."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.towers = nn.ModuleList([Tower(128) for _ in range(6)])

    def forward(self, x: Tensor) -> Tensor:
        futures: List[Future[Tensor]] = []
        for i, t in enumerate(self.towers):
            futures.append(torch.jit.fork(t, x + i))
        total = torch.zeros_like(torch.jit.wait(futures[0]))
        for f in futures:
            total = total + torch.jit.wait(f)
        return total


class Chain(nn.Module):
    """One fork needs another one's value; a nested one."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v, self.w = Tower(128, 128), Tower(128, 128), Tower(128)

    def both(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.u, x)
        y = self.v(x)
        return torch.jit.wait(f) * y

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.both, x)
        y = self.w(x)
        g = torch.jit.fork(self.w, torch.jit.wait(f))
        z = self.w(x - 1)
        return torch.jit.wait(g) + y - z


class Nested(nn.Module):
    """Forks within forks, three levels deep: each is a task, and they run at the same time."""
    tasks = 7

    def __init__(self):
        super().__init__()
        self.towers = nn.ModuleList([Tower(128) for _ in range(5)])
        self.u = Tower(128)

    def pair(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.towers[0], x)
        g = torch.jit.fork(self.towers[1], x * 2)
        y = self.towers[2](x)
        return torch.jit.wait(f) - torch.jit.wait(g) + y

    def both(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.pair, x)
        y = self.towers[3](x)
        return torch.jit.wait(f) * y

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.both, x)
        g = torch.jit.fork(self.pair, x - 1)
        y = self.u(x) + self.towers[4](x)
        return torch.jit.wait(f) + y - torch.jit.wait(g)


class NestedInALoop(nn.Module):
    """Forks in a loop within a fork."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128, 128), Tower(128, 128)

    def steps(self, x: Tensor) -> Tensor:
        for i in range(3):
            f = torch.jit.fork(self.u, x)
            y = self.v(x)
            x = torch.jit.wait(f) + y
        return x

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.steps, x)
        y = self.steps(x * 2)
        return torch.jit.wait(f) - y


class MayRaise(nn.Module):
    """A body that may raise: its work is a task all the same."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def body(self, x: Tensor, rows: Tensor) -> Tensor:
        if int(rows[0].item()) > 1000:
            raise ValueError("too far")
        y = self.u(x)
        assert x.size(0) > 2, "too few rows"
        return y + torch.index_select(y, 0, rows).sum(0)

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.body, x, torch.tensor([1, 0, 5]))
        y = self.v(x)
        return torch.jit.wait(f) + y


class ErrorKept(nn.Module):
    """A task runs while the error of its fork waits to be raised; other tasks run beside it."""
    tasks = None

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def body(self, x: Tensor) -> Tensor:
        g = torch.jit.fork(self.u, x)
        y = self.v(x)
        if bool(y.sum() < 1e9):
            raise ValueError("too small")
        return y + torch.jit.wait(g)

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.body, x)
        g = torch.jit.fork(self.v, x * 3)
        y = self.u(x * 2)
        return torch.jit.wait(g) + torch.jit.wait(f) + y


class WritesBeside(nn.Module):
    """What the fork reads is changed in place while it may run: it sees the old contents."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def forward(self, x: Tensor) -> Tensor:
        h = x * 3
        f = torch.jit.fork(self.u, h)
        y = self.v(x)
        h.add_(100)
        return torch.jit.wait(f) + y + h.sum()


class ChangesArgument(nn.Module):
    """The caller's tensor is changed after the fork has read it."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.u, x)
        y = self.v(x)
        x.mul_(0.5)
        return torch.jit.wait(f) + y


class Buffers(nn.Module):
    """A state is read by the fork and written after it."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)
        self.register_buffer("shift", torch.ones(128))

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.u, x + self.shift)
        y = self.v(x)
        self.shift.add_(1)
        return torch.jit.wait(f) + y + self.shift.sum()


class InLoop(nn.Module):
    """A fork and its wait in each iteration of a loop whose length is data."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128, 128), Tower(128, 128)

    def forward(self, x: Tensor) -> Tensor:
        n = int(x.abs().sum().item()) % 5 + 2
        for i in range(n):
            f = torch.jit.fork(self.u, x)
            y = self.v(x)
            x = torch.jit.wait(f) + y
        return x


class InBranch(nn.Module):
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.u, x)
        if bool(x.sum() > 0):
            y = self.v(x)
        else:
            g = torch.jit.fork(self.v, x * 2)
            y = self.u(x) + torch.jit.wait(g)
        return torch.jit.wait(f) * y


class Effects(nn.Module):
    """Prints and numbers of the body stay in program order."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def talk(self, x: Tensor) -> Tensor:
        print("in the fork")
        y = self.u(x)
        if bool(y.sum() > 1e9):
            print("never")
        return self.u(x * 2)

    def forward(self, x: Tensor) -> Tensor:
        print("before")
        f = torch.jit.fork(self.talk, x)
        print("after")
        y = self.v(x)
        return torch.jit.wait(f) + y


class RaisesBeside(nn.Module):
    """The program ends with an error while a fork runs, or before it has begun."""
    tasks = None

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(self.u, x)
        y = self.v(x)
        if bool(y.sum() < 1e9):
            raise ValueError("too small")
        return torch.jit.wait(f) + y


class Unwaited(nn.Module):
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = Tower(128), Tower(128)

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        f = torch.jit.fork(self.u, x)
        g = torch.jit.fork(self.v, x)
        return {"y": torch.jit.wait(g) + self.u(x * 2)}


class Recurrent(nn.Module):
    """A body with loops of its own, which may stay in place."""
    tasks = True

    def __init__(self):
        super().__init__()
        self.u, self.v = nn.LSTM(32, 64), nn.LSTM(32, 64)

    def forward(self, x: Tensor) -> Tensor:
        s = x.reshape(-1, 4, 32)
        f = torch.jit.fork(self.u, s)
        y = self.v(s + 1)[0]
        return torch.jit.wait(f)[0] - y


class Small(nn.Module):
    """Not worth a task."""
    tasks = False

    def forward(self, x: Tensor) -> Tensor:
        f = torch.jit.fork(torch.sigmoid, x[0, :4])
        y = x[0, :4] + 1
        return torch.jit.wait(f) * y


class WaitedAtOnce(nn.Module):
    """Nothing runs beside it."""
    tasks = False

    def __init__(self):
        super().__init__()
        self.u = Tower(128)

    def forward(self, x: Tensor) -> Tensor:
        return torch.jit.wait(torch.jit.fork(self.u, x)) + 1


PROGRAMS = [TwoTowers, SharedInput, Fan, Chain, Nested, NestedInALoop, MayRaise, ErrorKept, WritesBeside, ChangesArgument, Buffers, InLoop, InBranch, Effects, RaisesBeside,
            Unwaited, Recurrent, Small, WaitedAtOnce]


def count_tasks(so, case, folder):
    """Tasks that a call really started, from the trace."""
    trace = folder / "trace.json"
    env = dict(os.environ, INGOT_TRACE=str(trace), INGOT_NUM_THREADS="2")
    subprocess.run([str(harness.INGOT_RUN), str(so), "--case", str(case)], env=env, capture_output=True)
    text = trace.read_text()
    tasks = [line for line in text.splitlines() if '"cat":"task"' in line]
    wrong = [line for line in tasks if "test_forks.py:" not in line]
    return len(tasks), wrong


def check(cls, folder):
    torch.manual_seed(3)
    module = cls().eval()
    model = folder / "m.pt"
    torch.jit.script(module).save(str(model))
    for rows in (64, 7):
        x = torch.randn(rows * 4, 128)
        case = harness.write_case(folder / "case", (x.clone(),))
        for options in ((), ("--elide-forks=off",)):
            so = harness.compile(model, folder / "m.so", case, *options)
            # Python runs a fork where it stands: no race with the writes beside it, as in the interpreter.
            with torch.no_grad(), contextlib.redirect_stdout(io.StringIO()):
                try:
                    value, error = copy.deepcopy(module)(x.clone()), None
                    reference = copy.deepcopy(module).double()(x.double())
                except Exception as e:
                    error = str(e)
            for threads in ("1", "2", "8", "in order"):
                os.environ["INGOT_NUM_THREADS"] = "2" if threads == "in order" else threads
                os.environ["INGOT_DETERMINISTIC"] = "1" if threads == "in order" else "0"
                for repeat in range(3):
                    where = f"{rows} rows, {threads} threads, {options}"
                    try:
                        got, tree = harness.run(so, case, folder / "out")
                    except harness.ProgramError as e:
                        if error is None or e.message not in error:
                            return f"{where}: raised {e}, expected {error}"
                        continue
                    if error is not None:
                        return f"{where}: expected {error}"
                    problem = harness.compare(got, value, reference)
                    if problem:
                        return f"{where}: {problem}"
                    if cls is Effects and tree.get("stdout") != "before\nin the fork\nafter\n":
                        return f"{where}: printed {tree.get('stdout')!r}"
            os.environ["INGOT_DETERMINISTIC"] = "0"
            if rows == 64 and not options:
                started, wrong = count_tasks(so, case, folder)
                if wrong:
                    return f"a task without its place: {wrong[0]}"
                # True: some; a number: at least as many.
                enough = started >= cls.tasks if cls.tasks and cls.tasks is not True else (started > 0) == cls.tasks
                if cls.tasks is not None and not enough:
                    return f"{started} tasks were started"
    return None


if __name__ == "__main__":
    sys.exit(harness.main((cls.__name__, partial(check, cls)) for cls in PROGRAMS))
