# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Two-dimensional convolutions with constant weights, on every register width, with Winograd's algorithm and without.

  test_convolutions.py [--match RE]

One scripted program of many convolutions with their epilogues; every size of the image is open, so that one library
serves empty batches, odd and even images, and images of one piece.
"""
import copy
import sys

import torch
from torch import nn

import harness


class Convolutions(nn.Module):
    """Channels that fill panels and that do not; borders inside and outside of results; residuals; several readers."""

    def __init__(self):
        super().__init__()
        self.valid = nn.Conv2d(32, 48, 3)
        self.same = nn.Conv2d(48, 48, 3, padding=1)
        self.wide = nn.Conv2d(48, 160, 3, padding=2, bias=False)
        self.narrow = nn.Conv2d(160, 40, 3, padding=1)
        self.norm = nn.BatchNorm2d(40)
        self.few = nn.Conv2d(40, 8, 3, padding=1)
        self.strided = nn.Conv2d(40, 33, 3, stride=2, padding=1)
        self.dilated = nn.Conv2d(48, 32, 3, dilation=2, padding=2)
        self.grouped = nn.Conv2d(48, 64, 3, groups=2, padding=1)
        self.point = nn.Conv2d(48, 37, 1)
        self.line = nn.Conv2d(48, 32, (1, 3), padding=(0, 1))

    def forward(self, x):
        a = torch.relu(self.valid(x))
        b = torch.relu(self.same(a) + a)
        c = self.wide(b)
        d = torch.nn.functional.gelu(self.norm(self.narrow(c))) * 0.5
        return [a, b, c.amax(1), d, self.few(d), self.strided(d), self.dilated(b), self.grouped(b), self.point(b), self.line(b)]


SHAPES = [(1, 32, 16, 16), (2, 32, 9, 12), (3, 32, 12, 9), (0, 32, 8, 8), (1, 32, 3, 3), (1, 32, 4, 3), (5, 32, 31, 17)]


def check(cpu, options, folder):
    torch.manual_seed(0)
    module = Convolutions().eval()
    for p in module.parameters():
        p.data = torch.randn(p.shape) * (0.1 if p.dim() > 1 else 1)
    module.norm.running_mean.normal_()
    double, scripted = copy.deepcopy(module).double(), torch.jit.script(module)
    scripted.save(str(folder / "m.pt"))
    x = torch.randn(SHAPES[0])
    so = harness.compile(folder / "m.pt", folder / "m.so", harness.write_case(folder / "types", [x]), f"--cpu={cpu}", *options)
    inputs = [torch.randn(shape) for shape in SHAPES] + [torch.randn(2, 14, 10, 32).permute(0, 3, 1, 2)]
    for k, x in enumerate(inputs):
        for threads in (1, 2):
            got, _ = harness.run(so, harness.write_case(folder / f"case{k}", [x]), folder / f"out{k}", "--threads", str(threads))
            if problem := harness.compare(got, scripted(x), double(x.double())):
                return f"{list(x.shape)}, {threads} threads: {problem}"
    return None


def raises(folder):
    """An image that a window does not fit raises, and an infinity reaches the windows that see it only."""
    module = nn.Conv2d(32, 32, 3).eval()
    torch.jit.script(module).save(str(folder / "m.pt"))
    x = torch.randn(1, 32, 10, 10)
    so = harness.compile(folder / "m.pt", folder / "m.so", harness.write_case(folder / "types", [x]))
    try:
        harness.run(so, harness.write_case(folder / "small", [x[:, :, :2]]), folder / "small_out")
        return "an image of two rows must raise"
    except harness.ProgramError as e:
        if problem := harness.lacks("Kernel size can't be greater than actual input size", str(e)):
            return problem
    x[0, 0, 4, 4] = float("inf")
    got, _ = harness.run(so, harness.write_case(folder / "inf", [x]), folder / "inf_out")
    touched = torch.zeros(8, 8, dtype=torch.bool)
    touched[2:5, 2:5] = True
    finite = torch.isfinite(got[0]).all(0)
    if finite[2:5, 2:5].any() or not finite[~touched].all():
        return f"an infinity reaches {(~finite).nonzero().tolist()}"
    return None


def tests():
    machine = ["native", "x86-64-v3", "x86-64"]
    for cpu in machine:
        for options in ((), ("--winograd=off",)):
            yield f"{cpu} {' '.join(options)}", lambda folder, c=cpu, o=options: check(c, o, folder)
    yield "raises", raises


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    sys.exit(harness.main(tests()))
