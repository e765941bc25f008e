# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: ingot-import-torchscript %t.pt --text | FileCheck %s
#
# The language: control flow, containers, classes, exceptions, functions.
import sys
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch


class Point(NamedTuple):
    x: int
    y: torch.Tensor


@torch.jit.script
class Counter:
    def __init__(self, start: int):
        self.value = start

    def __enter__(self):
        self.value += 1

    def __exit__(self, type: Any, value: Any, tb: Any):
        self.value -= 1

    def __lt__(self, other: "Counter") -> bool:
        return self.value < other.value

    def bump(self, by: int) -> int:
        self.value += by
        return self.value


@torch.jit.interface
class Scale(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Double(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2


def helper(x: int) -> int:
    return x * x


class Net(torch.nn.Module):
    impl: Scale

    def __init__(self):
        super().__init__()
        self.impl = Double()

    @torch.jit.export
    def control(self, n: int) -> int:
        total = 0
        for i in range(n):
            if i % 3 == 0:
                continue
            total += helper(i)
        while total > 100:
            total = total // 2
        if total < 0:
            raise ValueError("negative")
        return total

    @torch.jit.export
    def containers(self, d: Dict[str, List[int]], o: Optional[int]) -> Tuple[int, List[int]]:
        l = [1, 2]
        if o is not None:
            l.append(o)
        for k in d:
            l += d[k]
        a, b = l[0], l[1]
        e = {1: "a"}
        c, f = l
        return a + b + len(e) + c + f, l

    @torch.jit.export
    def types(self, v: Union[int, str], a: Any, p: Point) -> str:
        if isinstance(v, int):
            return str(v + 1)
        if isinstance(a, (list, tuple)):
            return "seq"
        return f"{v}-{p.x}"

    @torch.jit.export
    def classes(self, n: int) -> int:
        c = Counter(n)
        with c:
            c.bump(3)
        l = [c, Counter(2)]
        l.sort()
        return l[0].value

    def forward(self, x):
        return self.impl.forward(x)


torch.jit.script(Net()).save(sys.argv[1])

# CHECK: script.interfaces = {__torch__.Scale = ["forward"]}

# CHECK-LABEL: func.func @__torch__.Net.forward(
# CHECK: %[[IMPL:.*]] = script.get_attr %arg0["impl"] : {{.*}} -> !script.object<"__torch__.Scale">
# CHECK: script.call_method %[[IMPL]]["forward"] (%arg1)

# CHECK-LABEL: func.func @__torch__.Net.classes(
# CHECK: %[[C:.*]] = script.new : <"__torch__.Counter">
# CHECK: script.call_method %[[C]]["__init__"]
# CHECK: script.enter %[[C]]
# CHECK: script.call_method %[[C]]["bump"]
# CHECK: script.exit %[[C]]
# CHECK: script.aten "aten::sort.any"

# CHECK-LABEL: func.func @__torch__.Net.containers(
# CHECK-SAME: !script.dict<!script.str, !script.list<i64>>
# CHECK-SAME: !script.optional<i64>
# CHECK: script.aten "aten::__isnot__"
# CHECK: script.cast %{{.*}} : !script.optional<i64> to i64
# CHECK: script.aten "aten::append.t"
# CHECK: script.dict
# CHECK: script.unpack %{{.*}} : (!script.list<i64>) -> (i64, i64)
# CHECK: script.tuple

# CHECK-LABEL: func.func @__torch__.Net.control(
# CHECK: script.loop %{{.*}} while %{{.*}}(%{{.*}}) : (i64, i1, i64, i64) -> (i64, i64) {
# CHECK: ^bb0(%{{.*}}: i64, %{{.*}}: i64, %{{.*}}: i64):
# CHECK: script.aten "aten::remainder.int"
# CHECK: script.if {{.*}} : (i1) ->
# CHECK: script.call @__torch__.helper
# CHECK: script.yield
# CHECK: script.aten "aten::floordiv.int"
# CHECK: script.raise %{{.*}} class %{{.*}} : !script.str, !script.str

# CHECK-LABEL: func.func @__torch__.Net.types(
# CHECK-SAME: %arg1: !script.union<i64, !script.str>
# CHECK-SAME: %arg2: !script.any
# CHECK-SAME: %arg3: !script.tuple<"__torch__.Point" ["x", "y"] i64, !script.tensor>
# CHECK: script.isinstance %arg1 {types = [i64]}
# CHECK: script.isinstance %arg2 {types = [!script.any_list, !script.any_tuple]}
# CHECK: script.aten "aten::format"

# CHECK-DAG: func.func private @__torch__.helper(
# CHECK-DAG: func.func private @__torch__.Counter.__init__(
# CHECK-DAG: func.func private @__torch__.Counter.__enter__(
# CHECK-DAG: func.func private @__torch__.Counter.__exit__(
# CHECK-DAG: func.func private @__torch__.Counter.__lt__(
# CHECK-DAG: func.func private @__torch__.Counter.bump(
# The class behind the interface.
# CHECK-DAG: func.func private @__torch__.Double.forward(
