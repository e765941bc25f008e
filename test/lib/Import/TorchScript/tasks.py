# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: ingot-import-torchscript %t.pt --text | FileCheck %s
#
# Forks and awaits: the body becomes a function of its captures.
import sys
from typing import List

import torch


def work(x: torch.Tensor, n: int) -> torch.Tensor:
    return x + n


class Net(torch.nn.Module):
    def forward(self, x):
        futures: List[torch.jit.Future[torch.Tensor]] = []
        for i in range(3):
            futures.append(torch.jit.fork(work, x, i))
        total = x
        for f in futures:
            total = total + torch.jit.wait(f)
        lazy = torch.jit._awaitable(work, total, 7)
        ready = torch.jit._awaitable_nowait(total)
        return torch.jit._awaitable_wait(lazy) + torch.jit._awaitable_wait(ready)


torch.jit.script(Net()).save(sys.argv[1])

# CHECK-LABEL: func.func @__torch__.Net.forward(
# CHECK: script.list() : () -> !script.list<!script.future<!script.tensor>>
# CHECK: script.fork @[[FORK:.*fork0]](%{{.*}}) : ({{.*}}) -> !script.future<!script.tensor>
# CHECK: script.wait %{{.*}} : (!script.future<!script.tensor>) -> !script.tensor
# CHECK: script.awaitable @[[AWAIT:.*await1]](%{{.*}}) : ({{.*}}) -> !script.await<!script.tensor>
# CHECK: script.awaitable_nowait
# CHECK: script.wait %{{.*}} : (!script.await<!script.tensor>) -> !script.tensor
# CHECK-DAG: func.func private @__torch__.Net.forward$fork0(
# CHECK-DAG: func.func private @__torch__.Net.forward$await1(
# CHECK-DAG: func.func private @__torch__.work(
