# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random TorchScript programs of views, in-place writes, prints, random numbers, branches and loops.

A program is grown statement by statement and run while it grows: a statement that raises is thrown away, and the shapes
that the next one may use are those of the values it has. Values stay small whole numbers, so that every order of
evaluation gives the same floats.
"""
import contextlib
import io
import random

import torch

LIMIT = 64.0


class Program:
    """One method: `def name(self, x: Tensor, y: Tensor, n: int, p: bool)`."""

    def __init__(self, seed, size):
        self.random = random.Random(seed)
        self.name = f"f{seed}"
        self.lines = []
        self.arguments = self.make_arguments()
        self.count = 0
        x, y, n, p = copied(self.arguments)
        self.env = {"torch": torch, "x": x, "y": y, "n": n, "p": p, "k": 0}
        self.emit("k = 0", 0)
        self.block(size, 0, ["x", "y"])
        self.result()

    # -- values -----------------------------------------------------------------------------------------------------

    def make_arguments(self):
        r = self.random
        shape = [r.choice([1, 2, 3, 4]) for _ in range(r.choice([1, 2, 2, 3]))]
        other = r.choice([shape, shape[::-1], shape[-1:], [1] * len(shape)])
        make = lambda s: torch.tensor([float(r.randint(-4, 4)) for _ in range(torch.Size(s).numel())]).reshape(s)
        x = make(shape)
        if len(shape) > 1 and r.random() < 0.3:
            x = make(shape[::-1]).permute(*range(len(shape) - 1, -1, -1))
        y = make(other)
        if r.random() < 0.15:
            y = x.clone()
        return x, y, r.randint(0, 4), r.random() < 0.5

    def fresh(self):
        self.count += 1
        return f"v{self.count}"

    def shape(self, name):
        return list(self.env[name].shape)

    def rank(self, name):
        return self.env[name].dim()

    def tensor(self, live, rank=None):
        names = [v for v in live if isinstance(self.env.get(v), torch.Tensor) and (rank is None or self.rank(v) >= rank)]
        return self.random.choice(names) if names else None

    def dim(self, name):
        return self.random.randrange(-self.rank(name), self.rank(name))

    def number(self):
        return self.random.choice(["1", "2", "-1", "3", "k", "n", "0.5 * 2"])

    # -- expressions --------------------------------------------------------------------------------------------------

    def index(self, name):
        parts = []
        for size in self.shape(name)[:self.random.randint(1, self.rank(name))]:
            start = self.random.randint(0, max(size - 1, 0))
            parts.append(self.random.choice([":", str(start), f"{start}:", f":{start + 1}", "::2", "-1", f"{start}:{size}", "None, :", "..."]))
        if parts.count("...") > 1:
            parts = [p for p in parts if p != "..."]
        return ":" if parts in ([], ["..."]) else ", ".join(parts)

    def view(self, u):
        r, rank = self.random, self.rank(u)
        choices = [f"{u}.view(-1)", f"{u}.reshape(-1)", f"{u}.flatten()", f"{u}.unsqueeze({r.randint(0, rank)})", f"{u}.detach()",
                   f"{u}.squeeze()", f"{u}.view_as({u})", f"{u}.expand_as({u})", f"{u}.contiguous()"]
        if rank:
            d = self.dim(u)
            size = self.shape(u)[d]
            choices += [f"{u}[{self.index(u)}]", f"{u}[{self.index(u)}]", f"{u}.narrow({d}, 0, {r.randint(0, size)})",
                        f"{u}.select({d}, {r.randint(-size, size - 1) if size else 0})", f"{u}.transpose({d}, {self.dim(u)})",
                        f"{u}.squeeze({d})", f"{u}.unfold({d}, 1, 1)", f"{u}.chunk(2, {d})[0]", f"{u}.split(1, {d})[-1]",
                        f"{u}.unbind({d})[0]", f"{u}.movedim({d}, 0)"]
        if rank == 2:
            choices += [f"{u}.t()", f"{u}.diagonal()", f"{u}.as_strided([1, 2], [1, 0])"]
        if rank == 1:
            choices += [f"{u}.expand(2, {self.shape(u)[0]})", f"{u}.as_strided([{self.shape(u)[0]}], [1], 0)"]
        return r.choice(choices)

    def pure(self, u, live):
        r = self.random
        w = self.tensor(live) or u
        choices = [f"{u} + {w}", f"{u} - {w}", f"torch.maximum({u}, {w})", f"{u} * {r.choice(['2', '-1', 'n'])}", f"{u}.relu()", f"{u}.clone()",
                   f"torch.where({u} > {w}, {u}, {w})", f"-{u}", f"{u}.abs()", f"({u} > 0).to(torch.float32)", f"torch.zeros_like({u})",
                   f"torch.cat([{u}, {w}])", f"torch.stack([{u}, {u}])", f"{u}.sum()", f"torch.rand({self.shape(u)}).mul(8).floor()",
                   f"{u}.masked_fill({u} < 0, 3.0)", f"{u}.sign()"]
        if self.rank(u):
            d = self.dim(u)
            choices += [f"{u}.sum({d})", f"{u}.flip({d})", f"{u}.roll(1, {d})", f"{u}.cumsum({d})", f"{u}.amax({d})" if self.shape(u)[d] else f"{u}.sum()"]
        return f"({r.choice(choices)}).clamp({-LIMIT}, {LIMIT})"

    def write(self, u, live):
        r = self.random
        # What is read is what is written, or shares nothing with it: else the order of the elements decides.
        storage = lambda v: self.env[v].untyped_storage().data_ptr()
        w = self.tensor([v for v in live if v == u or isinstance(self.env.get(v), torch.Tensor) and storage(v) != storage(u)])
        choices = [f"{u}.add_({self.number()})", f"{u}.add_({w})", f"{u}.mul_({r.choice(['2', '-1', '0'])})", f"{u}.copy_({w})", f"{u}.zero_()",
                   f"{u}.fill_({self.number()})", f"{u}.clamp_(-3, 3)", f"{u}.masked_fill_({u} > 1, -2)", f"{u}.neg_()", f"{u} += {w}",
                   f"{u}.relu_()", f"{u}[{u} > 2] = 1.0", f"{u}.sub_({u})", f"torch.add({u}, {u}, out={u})"]
        if self.rank(u):
            index = self.index(u)
            d, size = self.dim(u), self.shape(u)[0]
            choices += [f"{u}[{index}] = {self.number()}", f"{u}[{index}] = {u}[{index}] + 1", f"{u}[{index}] += {self.number()}",
                        f"{u}[{index}].mul_(2)", f"{u}[torch.tensor([0])] = 2.0" if size else f"{u}.zero_()",
                        f"{u}.index_fill_({d}, torch.tensor([0]), 4.0)" if self.shape(u)[d] else f"{u}.zero_()", f"{u}.transpose(0, {d}).add_(1)",
                        f"{u}.index_add_(0, torch.tensor([0]), {u}[0:1].clone())" if size else f"{u}.zero_()"]
        return r.choice(choices)

    def condition(self, live):
        u = self.tensor(live)
        return self.random.choice(["p", "n > 1", "n % 2 == 0", "k > 2", "not p", f"bool(({u}.sum() > 0).item())", f"int({u}.numel()) > 3", f"{u}.dim() == 2"])

    # -- statements ---------------------------------------------------------------------------------------------------

    def emit(self, line, depth):
        self.lines.append("    " * (depth + 1) + line)

    def attempt(self, lines):
        """Whether the statements run on the values so far; then they have."""
        env = dict(self.env)
        state = torch.get_rng_state()
        for name, value in env.items():  # views of one storage stay views of one storage
            if isinstance(value, torch.Tensor) and not torch.isfinite(value).all():
                return False
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec("\n".join(lines), env)
        except Exception:
            torch.set_rng_state(state)
            return False
        self.env = env
        return all(v.numel() <= 64 and v.dim() <= 4 for v in env.values() if isinstance(v, torch.Tensor))

    def statement(self, depth, live):
        r = self.random
        kind = r.random()
        u = self.tensor(live)
        if kind < 0.30:
            v = self.fresh()
            line = f"{v} = {self.view(u)}"
            if self.attempt([line]):
                self.emit(line, depth)
                live.append(v)
        elif kind < 0.50:
            v = self.fresh()
            line = f"{v} = {self.pure(u, live)}"
            if self.attempt([line]):
                self.emit(line, depth)
                live.append(v)
        elif kind < 0.78:
            # An in-place write that raises half way would leave its traces: tried on copies first.
            line = self.write(u, live)
            kept, self.env = self.env, copied_env(self.env)
            fine = self.attempt([line])
            self.env = kept
            if fine and self.attempt([line]):
                self.emit(line, depth)
                bound = f"{u}.clamp_({-LIMIT}, {LIMIT})"
                if r.random() < 0.3 and self.attempt([bound]):
                    self.emit(bound, depth)
        elif kind < 0.83:
            line = r.choice(["print(k)", "print('at', n, p)", f"print({u}.dim(), {u}.numel())", "k += 1", "k = k * 2 - n"])
            if self.attempt([line]):
                self.emit(line, depth)
        elif kind < 0.92 and depth < 2:
            self.emit(f"if {self.condition(live)}:", depth)
            outside, before = dict(self.env), list(live)
            for keyword in ("then", "else"):
                if keyword == "else":
                    self.emit("else:", depth)
                self.env = copied_env(outside)
                self.emit("k += 1", depth + 1)
                inner = list(before)
                for _ in range(r.randint(1, 3)):
                    self.statement(depth + 1, inner)
            self.env = outside
        elif depth < 2:
            i = f"i{len(self.lines)}"
            self.emit(f"for {i} in range({r.choice(['n', '3', 'n + 1'])}):", depth)
            outside = self.env
            self.env = copied_env(outside)
            self.env[i] = 0
            self.emit(f"k += {i}", depth + 1)
            inner = list(live)
            for _ in range(r.randint(1, 3)):
                self.statement(depth + 1, inner)
            self.env = outside

    def block(self, size, depth, live):
        self.live = live
        for _ in range(size):
            self.statement(depth, live)

    def result(self):
        names = self.random.sample(self.live, min(len(self.live), 4))
        self.emit("return " + ", ".join(names + ["k"]), 0)
        self.results = len(names)

    def source(self):
        types = ", ".join(["Tensor"] * self.results + ["int"])
        return f"def {self.name}(self, x: Tensor, y: Tensor, n: int, p: bool) -> Tuple[{types}]:\n" + "\n".join(self.lines) + "\n"


def copied(values):
    """Copies that share storage as the originals do."""
    storages, out = {}, []
    for v in values:
        if not isinstance(v, torch.Tensor):
            out.append(v)
            continue
        key = v.untyped_storage().data_ptr()
        if key not in storages:
            storages[key] = v.untyped_storage().clone()
        out.append(torch.empty(0).set_(storages[key], v.storage_offset(), v.shape, v.stride()))
    return tuple(out)


def copied_env(env):
    return dict(zip(env, copied(env.values())))
