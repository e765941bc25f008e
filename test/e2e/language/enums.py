# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Enums, devices, dtypes, layouts as values."""
from enum import Enum
from typing import Dict, List, Optional, Tuple

import torch
import torch.nn as nn
from torch import Tensor

from . import program

X = torch.arange(6.0).reshape(2, 3)


class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class Mode(Enum):
    FAST = "fast"
    SLOW = "slow"


class Scale(Enum):
    HALF = 0.5
    DOUBLE = 2.0


@program((Color.RED,), (Color.GREEN,))
def argument(c: Color):
    return c == Color.RED, c != Color.RED, c.value, c.name


@program((Color.RED, Color.RED), (Color.GREEN, Color.RED))
def compared(a: Color, b: Color):
    return a == b, a != b


@program((Color.BLUE,))
def returned(c: Color) -> Color:
    return c


@program(())
def returned_known() -> Color:
    return Color.GREEN


@program((Mode.FAST, X), (Mode.SLOW, X))
def branch(m: Mode, x: Tensor):
    if m == Mode.FAST:
        return x + 1
    else:
        return x - 1


@program(())
def values_known():
    return Color.RED.value, Color.RED.name, Mode.FAST.value, Scale.HALF.value, Color.RED == Color.GREEN


@program(())
def loop():
    out: List[int] = []
    for c in Color:
        out.append(c.value)
    return out


@program(())
def loop_names():
    out: List[str] = []
    for c in Mode:
        out.append(c.name + "=" + c.value)
    return out


@program(([Color.RED, Color.BLUE],))
def list_argument(x: List[Color]):
    return x[0] == Color.RED, len(x), x


@program(())
def list_known():
    x = [Color.RED, Color.GREEN]
    return x


@program((True,), (False,))
def chosen(b: bool):
    c = Color.RED if b else Color.BLUE
    return c


@program((True,), (False,))
def chosen_value(b: bool):
    c = Color.RED if b else Color.BLUE
    return c.value, c == Color.RED


@program((None,), (Color.RED,))
def optional(c: Optional[Color]):
    if c is None:
        return 0
    return c.value


@program((Color.RED,))
def helper_call(c: Color):
    return name_of(c)


def name_of(c: Color):
    return "color " + c.name


@program((Color.RED,))
def printed(c: Color):
    print(c, c.name, c.value)
    return 0


@program(())
def dict_values():
    d = {"a": Color.RED}
    return d["a"].value


@program((X,))
class EnumAttribute(nn.Module):
    def __init__(self):
        super().__init__()
        self.color = Color.GREEN

    def forward(self, x: Tensor):
        if self.color == Color.GREEN:
            return x * self.color.value
        return x


@program((X,))
def devices(x: Tensor):
    d = x.device
    return d, d == torch.device("cpu"), d.type, d.index, str(d), torch.zeros(2, device=d)


@program((torch.device("cpu"), X))
def device_argument(d: torch.device, x: Tensor):
    return x.to(d), torch.ones(2, device=d), d.type


@program(())
def device_made():
    d = torch.device("cpu")
    e = torch.device("cuda:1")
    return d, e, e.type, e.index, d == e, d != e


@program((X,), (X.double(),))
def dtypes(x: Tensor):
    d = x.dtype
    return d == torch.float32, d != torch.float64, torch.zeros(2, dtype=d), x.to(torch.int64).dtype == torch.long


@program((torch.float64,), (torch.int32,))
def dtype_argument(d: torch.dtype):
    return torch.zeros(2, dtype=d), d == torch.float64


@program((X,))
def dtype_returned(x: Tensor):
    return x.dtype


@program((X,))
def dtype_in_list(x: Tensor):
    l = [torch.float32, torch.float64]
    return x.to(l[1]), x.dtype in l if False else True


@program((None,), (torch.float64,))
def dtype_optional(d: Optional[torch.dtype]):
    return torch.ones(2, dtype=d)


@program((X,))
def layouts(x: Tensor):
    return x.layout == torch.strided, torch.zeros(2, layout=torch.strided), x.contiguous(memory_format=torch.contiguous_format)


@program((X,))
def device_conditional(x: Tensor):
    if x.device.type == "cpu":
        return x + 1
    return x


@program((X,))
def facts(x: Tensor):
    return x.is_cuda, x.is_cpu if False else True, x.requires_grad, x.is_sparse, x.ndim, x.dim(), x.numel(), x.is_floating_point(), x.is_complex(), x.element_size()
