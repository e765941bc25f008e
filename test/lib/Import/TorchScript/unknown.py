# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: not ingot-import-torchscript %t.pt 2>&1 | FileCheck %s
#
# Operators that the importer's LibTorch does not know: all, with source lines.
import sys

import torch

library = torch.library.Library("mylib", "DEF")
library.define("first(Tensor x) -> Tensor")
library.define("second(Tensor x, int n) -> Tensor")
library.impl("first", lambda x: x + 1, "CPU")
library.impl("second", lambda x, n: x * n, "CPU")


class Sub(torch.nn.Module):
    def forward(self, x):
        return torch.ops.mylib.second(x, 3)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.sub = Sub()

    def forward(self, x):
        y = torch.ops.mylib.first(x)
        return self.sub(y) + y


torch.jit.script(Net()).save(sys.argv[1])

# CHECK: error: '{{.*}}' has 2 parts that cannot be imported
# CHECK-DAG: unknown.py:28:{{[0-9]+}}: note: unknown operator 'mylib::first'
# CHECK-DAG: unknown.py:19:{{[0-9]+}}: note: unknown operator 'mylib::second'
