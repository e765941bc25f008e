# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors that are one of several, depending on data: what is written through them, and what later passes see."""
import torch
import torch.nn as nn

torch.manual_seed(5)
X = torch.randn(4, 3)
Y = torch.randn(4, 3)
V = torch.arange(3.0)


class Joined(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def chain(self, x, y, n: int):
        """Each of the joined tensors may be the one before it, and y."""
        z = x
        for i in range(3):
            if n % 2 == 0:
                k = i
            else:
                z = y
        y += 1
        return z * 1, n

    @torch.jit.export
    def chain_written(self, x, y, n: int):
        z = x
        for i in range(3):
            if n > i:
                z = y
            else:
                z = z.view(4, 3)
        z.mul_(2)
        return x * 1, y * 1

    @torch.jit.export
    def nested(self, x, y, n: int):
        """The inner condition is computed within the outer branch."""
        z = y
        if n > 0:
            if n % 3 == 0:
                z = x
            elif n % 3 == 1:
                z = x + y
        z.fill_(7)
        return z * 1

    @torch.jit.export
    def nested_view(self, x, y, n: int):
        z = y[0]
        if n > 0:
            k = n * 2
            if k > 4:
                z = x[n % 4]
            else:
                z = x[1]
        z += 10
        return z * 1

    @torch.jit.export
    def early(self, x, y, n: int):
        z = x.flatten()
        w = torch.stack([y, y])
        if n == 0:
            return y * 1, x * 1, w
        else:
            if n == 1:
                return x * 1, y * 1, w
        z.clamp_(-1, 1)
        return y, y * 2, w


class Carried(nn.Module):
    def forward(self, x):
        return x

    @torch.jit.export
    def resized_takes_fixed(self, x, v, n: int):
        """What is handed on as memory of another size was where the other one gets its next contents."""
        a = x[0] * 2
        b = torch.cat([v, v])
        for i in range(n):
            b = a
            a = a + 1
        return a, b

    @torch.jit.export
    def resized_takes_fixed_while(self, x, v, n: int):
        a = x[0] * 2
        b = torch.cat([v, v])
        while n > 0:
            n -= 1
            b = a
            a = a + 1
        return a, b

    @torch.jit.export
    def branch_shares(self, x, v, n: int):
        """One memory is a result with known sizes and one with sizes of its own."""
        a, b = x, v
        if n > 2:
            c = x + 1
            a, b = c, c[0]
        else:
            b = torch.cat([v, v])
        return a, b


def groups():
    yield "joined", Joined(), {
        "chain": [(X, Y, 1), (X, Y, 2)],
        "chain_written": [(X, Y, n) for n in range(4)],
        "nested": [(X, Y, n) for n in range(4)],
        "nested_view": [(X, Y, n) for n in range(4)],
        "early": [(X, Y, n) for n in range(3)],
    }
    yield "carried", Carried(), {
        "resized_takes_fixed": [(X, V, n) for n in range(3)],
        "resized_takes_fixed_while": [(X, V, n) for n in range(3)],
        "branch_shares": [(X, V, 3), (X, V, 0)],
    }
