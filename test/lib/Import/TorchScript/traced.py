# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: ingot-import-torchscript %t.pt --locations | FileCheck %s
#
# A trace: submodules' methods, constants, and the Python call stack of a node.
import sys

import torch


class Sub(torch.nn.Module):
    def forward(self, x):
        return torch.relu(x)  # the innermost frame


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.sub = Sub()

    def forward(self, x, y):
        z = self.sub(x) + torch.tensor([1.0, 2.0])
        return z, {"y": y * 3}


torch.jit.trace(Net(), (torch.zeros(3, 2), torch.zeros(1)), strict=False).save(sys.argv[1])

# CHECK-LABEL: func.func @__torch__.Net.forward(
# CHECK-SAME: -> !script.tuple<!script.tensor, !script.dict<!script.str, !script.tensor>>
# CHECK-DAG: script.weight "constants/0" {dtype = 6 : i64, nbytes = 8 : i64, offset = {{[0-9]+}} : i64, sizes = array<i64: 2>
# CHECK-DAG: script.call_method {{.*}}["forward"]
# CHECK-LABEL: func.func private @__torch__.Sub.forward(
# CHECK: script.aten "aten::relu"{{.*}}callsite("forward"("{{.*}}traced.py":13:0) at "forward"("{{.*}}traced.py":22:0)
