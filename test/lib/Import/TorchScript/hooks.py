# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: ingot-import-torchscript %t.pt --text | FileCheck %s
#
# `__call__` is forward with the root's hooks; submodules' hooks are in the graph.
import sys
from typing import Optional, Tuple

import torch


class Sub(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.sub = Sub()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.sub(x)


def net_pre(self, inputs: Tuple[torch.Tensor]) -> Tuple[torch.Tensor]:
    return (inputs[0] * 2,)


def net_post(self, inputs: Tuple[torch.Tensor], out: torch.Tensor) -> Optional[torch.Tensor]:
    if out.numel() > 3:
        return out - inputs[0]
    return None


def sub_pre(self, inputs: Tuple[torch.Tensor]) -> None:
    print("sub")


net = Net()
net.register_forward_pre_hook(net_pre)
net.register_forward_hook(net_post)
net.sub.register_forward_pre_hook(sub_pre)
torch.jit.script(net).save(sys.argv[1])

# CHECK-LABEL: func.func @__torch__.Net.forward(
# CHECK: script.call @__torch__.Sub.sub_pre(

# CHECK-LABEL: func.func @__torch__.Net.__call__(
# CHECK-SAME: script.method = "__call__"
# CHECK: %[[T:.*]] = script.tuple(%arg1)
# CHECK: %[[P:.*]] = script.call @__torch__.Net.net_pre(%arg0, %[[T]])
# CHECK: %[[X:.*]] = script.unpack %[[P]]
# CHECK: %[[Y:.*]] = script.call @__torch__.Net.forward(%arg0, %[[X]])
# CHECK: %[[T2:.*]] = script.tuple(%[[X]])
# CHECK: %[[H:.*]] = script.call @__torch__.Net.net_post(%arg0, %[[T2]], %[[Y]])
# CHECK: %[[NONE:.*]] = script.isinstance %[[H]] {types = [!script.none]}
# CHECK: %[[R:.*]] = script.if %[[NONE]]
# CHECK: script.yield %[[Y]]
# CHECK: %[[V:.*]] = script.cast %[[H]]
# CHECK: script.yield %[[V]]
# CHECK: return %[[R]]
