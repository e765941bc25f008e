# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: ingot-import-torchscript %t.pt --text | FileCheck %s
#
# The object graph: parameters, buffers, plain attributes, sharing, and the
# methods that can be called.
import sys
from enum import Enum
from typing import Dict, List, Optional, Tuple

import torch


class Color(Enum):
    RED = 1
    GREEN = 2


class Sub(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight

    def forward(self, x):
        return x * self.weight


class Net(torch.nn.Module):
    sizes: List[int]
    table: Dict[str, float]
    maybe: Optional[int]

    def __init__(self):
        super().__init__()
        shared = torch.nn.Parameter(torch.arange(6.0).reshape(2, 3))
        self.a = Sub(shared)
        self.b = Sub(shared)
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        base = torch.arange(10, dtype=torch.int16)
        self.whole = base
        self.part = base[4:8:2]
        self.sizes = [3, 4]
        self.table = {"x": 1.5, "y": -0.0}
        self.pair = (1, "two")
        self.maybe = None
        self.color = Color.GREEN
        self.other = self.a
        self.empty = torch.zeros(0, 3)

    @torch.jit.export
    def total(self, n: int, scale: float = 2.0, name: str = "n") -> float:
        if self.color == Color.RED:
            return 0.0
        return n * scale + len(self.sizes) + len(name)

    def forward(self, x):
        self.count.add_(1)
        return self.b(self.a(x)) + self.part.sum() + self.whole.sum()


torch.jit.script(Net()).save(sys.argv[1])

# CHECK: script.classes = {
# CHECK-SAME: __torch__.Net = {module, names = ["count"
# CHECK-SAME: "table"
# CHECK-SAME: types = [!script.tensor
# CHECK-SAME: !script.dict<!script.str, f64>
# CHECK-SAME: script.enums = {__torch__.Color = {{\[}}["RED", 1], ["GREEN", 2]]}
# CHECK-SAME: script.format = "pt"
# CHECK: script.instance {
# CHECK-DAG: %[[W:.*]] = script.weight "[[KEY:data/[0-9]+]]" {dtype = 6 : i64, nbytes = 24 : i64, offset = {{[0-9]+}} : i64, requires_grad, sizes = array<i64: 2, 3>, storage_offset = 0 : i64, strides = array<i64: 3, 1>} : !script.tensor
# CHECK-DAG: %[[A:.*]] = script.object(%[[W]], {{.*}}) {is_module, names = ["weight", {{.*}}], parameters = ["weight"]} : {{.*}} -> !script.object<"__torch__.Sub">
# CHECK-DAG: %[[B:.*]] = script.object(%[[W]], {{.*}}) {is_module, names = ["weight", {{.*}}], parameters = ["weight"]} : {{.*}} -> !script.object<"__torch__.Sub">
# The view and its base share one storage.
# CHECK-DAG: script.weight "[[BASE:data/[0-9]+]]" {dtype = 2 : i64, nbytes = 20 : i64, offset = [[OFFSET:[0-9]+]] : i64, sizes = array<i64: 10>, storage_offset = 0 : i64, strides = array<i64: 1>}
# CHECK-DAG: script.weight "{{data/[0-9]+}}" {dtype = 2 : i64, nbytes = 20 : i64, offset = {{[0-9]+}} : i64, sizes = array<i64: 2>, storage_offset = 4 : i64, strides = array<i64: 2>}
# CHECK-DAG: script.constant(["GREEN", 2]) : !script.enum<"__torch__.Color">
# CHECK-DAG: script.list({{.*}}) : (i64, i64) -> !script.list<i64>
# CHECK-DAG: script.dict({{.*}}) : (!script.str, f64, !script.str, f64) -> !script.dict<!script.str, f64>
# CHECK-DAG: script.tuple({{.*}}) : (i64, !script.str) -> !script.tuple<i64, !script.str>
# CHECK-DAG: script.constant(-0.000000e+00 : f64) : f64
# CHECK-DAG: script.weight "empty/self.empty" {dtype = 6 : i64, nbytes = 0 : i64, offset = 0 : i64, sizes = array<i64: 0, 3>
# CHECK: script.object({{.*}}) {buffers = ["count"], is_module, names = [{{.*}}]} : {{.*}} -> !script.object<"__torch__.Net">
# CHECK-NEXT: script.yield

# CHECK-LABEL: func.func @__torch__.Net.forward(
# CHECK-SAME: script.method = "forward"
# CHECK: %[[COUNT:.*]] = script.get_attr %arg0["count"]
# CHECK: script.aten "aten::add_.Scalar"(%[[COUNT]]
# CHECK: script.call_method {{.*}}["forward"]

# CHECK-LABEL: func.func @__torch__.Net.total(
# CHECK-SAME: !script.object<"__torch__.Net"> {script.name = "self"}
# CHECK-SAME: i64 {script.name = "n"}
# CHECK-SAME: f64 {script.default = 2.000000e+00 : f64, script.name = "scale"}
# CHECK-SAME: !script.str {script.default = "n", script.name = "name"}) -> f64
# CHECK-SAME: script.method = "total"

# CHECK-LABEL: func.func private @__torch__.Sub.forward(
