# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: ingot-import-torchscript %t.pt --text | FileCheck %s
#
# A class that restores its own state: what it computes while loading stands in
# the module, what it leaves alone is still found in the file.
import sys
from typing import Tuple

import torch


class Packed(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.kept = torch.arange(4.0)
        self.made = torch.zeros(2)
        self.flags = torch.tensor([True])

    def forward(self, x):
        return x + self.kept.sum() + self.made.sum()

    @torch.jit.export
    def __getstate__(self) -> Tuple[torch.Tensor, bool]:
        return self.kept, self.training

    @torch.jit.export
    def __setstate__(self, state: Tuple[torch.Tensor, bool]):
        self.kept = state[0]
        self.made = torch.tensor([3.0, 4.5])
        self.flags = torch.tensor([False, True])
        self.training = state[1]


torch.jit.script(Packed()).save(sys.argv[1])

# CHECK: script.instance
# CHECK-DAG: script.weight "data/0" {dtype = 6 : i64, nbytes = 16 : i64
# CHECK-DAG: script.constant(dense<[3.000000e+00, 4.500000e+00]> : tensor<2xf32>) : !script.tensor
# CHECK-DAG: script.constant(dense<[false, true]> : tensor<2xi1>) : !script.tensor
# CHECK-NOT: script.method = "__setstate__"
