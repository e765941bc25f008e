# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs as saved models, many in one, and what PyTorch does with them."""
import contextlib
import itertools
import re
import warnings

import torch

from programs import copied

CLASSES = itertools.count()
SPACING = 500  # lines: those of a refusal name the program (TorchScript takes some 100,000)


class Unit:
    """One call to compare: a method of a model and its arguments."""

    def __init__(self, seeds, method, arguments, call, types=(), reset=lambda: None):
        self.seeds, self.method, self.arguments, self.call, self.types, self.reset = seeds, method, arguments, call, types, reset

    def expected(self):
        """(results or None, raised text, arguments after)"""
        args = copied(self.arguments)
        self.reset()
        torch.manual_seed(7)
        try:
            return self.call(*args), None, args
        except Exception as e:
            return None, str(e), args


def empty_module(buffers=()):
    """Of a class of its own: modules of one class share their methods."""
    module = type("Programs", (torch.nn.Module,), {"__module__": f"fuzz{next(CLASSES)}"})()
    for name, value in buffers:
        module.register_buffer(name, value.clone())
    return torch.jit.script(module)


def define(module, program, line=0):
    if program.helper:
        module.define("\n" * line + program.helper)
    module.define("\n" * line + program.source())


def buffers(programs):
    return [(p.name + "_b", p.buffer) for p in programs if p.buffer is not None]


def input_types(program, named):
    x, y = program.arguments[:2]
    # How many dimensions or parts these give must be known at compile time.
    fixed = re.search(r"squeeze\(|split\(|chunk\(|unbind\(", program.source()) or program.random.random() < 0.2
    spell = lambda t: "f32[" + ",".join(str(n) if fixed else "?" for n in t.shape) + "]"
    types = ["--method", program.name, "--input", f"{program.name}:x={spell(x)}", "--input", f"{program.name}:y={spell(y)}"]
    return types + ["--input", f"{program.name}:n=int", "--input", f"{program.name}:p=bool"] * named


class Scripted:
    suffix = ".pt"

    def __init__(self, programs):
        kept = []
        for program in programs:  # TorchScript does not take all that Python takes
            try:
                define(empty_module(buffers([program])), program)
                kept.append(program)
            except RuntimeError:
                pass
        self.module = empty_module(buffers(kept))
        for i, program in enumerate(kept):
            define(self.module, program, i * SPACING)
        self.units = [Unit([p.name], p.name, p.arguments, getattr(self.module, p.name), input_types(p, True), self.reset(p)) for p in kept]

    def reset(self, program):
        if program.buffer is None:
            return lambda: None
        return lambda: setattr(self.module, program.name + "_b", program.buffer.clone())

    def save(self, path):
        self.module.save(str(path))

    def refused(self, text):
        """The units that a message's lines name."""
        lines = {int(n) // SPACING for n in re.findall(r"^<string>:(\d+)", text, re.M)}
        return [self.units[i] for i in lines if i < len(self.units)]


class Traced(Scripted):
    def __init__(self, programs):
        methods = {}
        for program in programs:
            try:
                torch.jit.trace(program.function(), copied(program.arguments[:2]), check_trace=False)
                methods[program.name] = program
            except Exception:
                pass
        functions = {name: (lambda f: lambda self, x, y: f(x, y))(p.function()) for name, p in methods.items()}
        module = type("Programs", (torch.nn.Module,), {"__module__": f"fuzz{next(CLASSES)}", **functions})()
        self.module = torch.jit.trace_module(module, {name: copied(p.arguments[:2]) for name, p in methods.items()}, check_trace=False)
        self.units = [Unit([p.name], p.name, p.arguments[:2], getattr(self.module, p.name), input_types(p, False)) for p in methods.values()]

    def refused(self, text):
        return []


class Exported:
    """All programs in one `forward`, one after the other; every second time as decomposed graph with tokens."""

    suffix = ".pt2"

    def __init__(self, programs):
        self.programs = []
        for program in programs:
            try:
                self.export([program])
                self.programs.append(program)
            except Exception:
                pass
        self.program = self.export(self.programs) if self.programs else None
        self.units = []
        if self.program:
            if int(self.programs[0].name[1:]) % 2:
                with contextlib.suppress(RuntimeError):  # PyTorch decomposes not all of its graphs: then as it is
                    self.program = self.program.run_decompositions()
            module = self.program.module()
            arguments = tuple(a for p in self.programs for a in p.arguments[:2])
            self.units = [Unit([p.name for p in self.programs], "forward", arguments, module)]

    @staticmethod
    def export(programs):
        functions = [p.function() for p in programs]

        class Module(torch.nn.Module):
            def forward(self, *tensors):
                return tuple(r for i, f in enumerate(functions) for r in f(*tensors[2 * i:2 * i + 2]))

        args = tuple(a for p in programs for a in copied(p.arguments[:2]))
        return torch.export.export(Module(), args, strict=False)

    def save(self, path):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.export.save(self.program, str(path))

    def refused(self, text):
        return []


FORMS = {"scripted": Scripted, "traced": Traced, "exported": Exported}
