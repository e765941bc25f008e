# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small scripted programs, one file a kind; test_language.py runs them."""
import sys

PROGRAMS = []


class Program:
    """A function or module to be scripted, and the arguments of its calls."""

    def __init__(self, target, calls, refused, method, inputs, make):
        self.target, self.calls, self.refused, self.method, self.make = target, calls, refused, method, make
        self.kind = target.__module__.rsplit(".", 1)[-1]
        self.name = f"{self.kind}.{target.__name__}"
        self.inputs = inputs


def program(*calls, refused=None, method="forward", inputs=(), make=None):
    """Each call is a tuple of arguments (a dict last: keyword arguments are not needed here). `refused` says which text
    the compiler's refusal has: such a program is not compiled yet, and the test tells when it is. `make` gives the scripted
    program of a target, where that is not torch.jit.script."""

    def add(target):
        PROGRAMS.append(Program(target, list(calls) or [()], refused, method, inputs, make))
        return target

    return add
