# RUN: %python %s %t
# RUN: ingotc %t/equal.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=EQUAL
# RUN: ingotc %t/range.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=RANGE
# RUN: ingotc %t/derived.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=DERIVED
# RUN: ingotc %t/guards.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=GUARDS
# RUN: ingotc %t/scalars.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=SCALARS
# RUN: ingotc %t/tree.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=TREE
#
# Inputs and results: dtypes, symbolic sizes, ranges, guards, pytrees.
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
from exported import save
from torch.export import Dim

folder = sys.argv[1]
A = Dim.AUTO

# Sizes that the program needs to be equal are one symbol, and that is all the
# check there is. The lower bound of 2 stands for "dynamic".
# EQUAL: func.func @forward(%{{.*}}: !script.object<"ExportedProgram">
# EQUAL-SAME: !script.tensor {script.dtype = 6 : i64, script.name = "x", script.sizes = #graph.sizes<()[s0, s1] -> (s0, s1)>}
# EQUAL-SAME: !script.tensor {script.dtype = 15 : i64, script.name = "y", script.sizes = #graph.sizes<()[s0, s1] -> (s0, s1)>}
# EQUAL-SAME: graph.symbols = [{max = 9223372036854775807 : i64, min = 0 : i64, name = "s
# EQUAL-NOT: _assert_scalar
# EQUAL: script.aten "aten::add.Tensor"
save(lambda x, y: x + y, (torch.randn(3, 4), torch.randn(3, 4).bfloat16()), f"{folder}/equal.pt2",
     ({0: A, 1: A}, {0: A, 1: A}))

# RANGE: script.sizes = #graph.sizes<()[s0] -> (s0, 4)>
# RANGE-SAME: graph.symbols = [{max = 100 : i64, min = 3 : i64
save(lambda x: x.sum(0), (torch.randn(6, 4),), f"{folder}/range.pt2", ({0: Dim("n", min=3, max=100)},))

# A size that is computed from a symbol which no size shows bare is a symbol of
# its own.
# DERIVED: script.name = "x", script.sizes = #graph.sizes<()[s0] -> (s0, 4)>
# DERIVED-SAME: script.name = "y", script.sizes = #graph.sizes<()[s0] -> (s0 * 2)>
# DERIVED-SAME: graph.symbols = [{max = 200 : i64, min = 6 : i64, name = "2*s
n = Dim("n", min=3, max=100)
save(lambda x, y: (x + 1, y + 1), (torch.randn(6, 4), torch.randn(12)), f"{folder}/derived.pt2",
     ({0: 2 * n}, {0: 4 * n}))

# GUARDS: %[[W:.*]] = script.aten "aten::size.int"
# GUARDS: %[[HALF:.*]] = script.aten "aten::floordiv.int"(%[[W]]
# GUARDS: %[[OK:.*]] = script.aten "aten::ne.int"(%[[HALF]]
# GUARDS: script.constant("Guard failed: x.size()[3] // 2 != 1")
# GUARDS: script.aten "aten::_assert_scalar"(%[[OK]], %{{.*}}) {script.exception = "AssertionError"}
# GUARDS: script.aten "aten::max_pool2d"
save(lambda x: torch.max_pool2d(x, 2), (torch.randn(2, 3, 8, 8),), f"{folder}/guards.pt2",
     ({0: A, 2: A, 3: A},))


class Scalars(torch.nn.Module):
    def forward(self, x, n, f, b, s, o):
        return x * n + f, n + 1, f, b, s, o


# SCALARS: script.name = "x"
# SCALARS-SAME: i64 {script.name = "n", script.symbol = 1 : i64}
# SCALARS-SAME: f64 {script.name = "f", script.value = 2.500000e+00 : f64}
# SCALARS-SAME: i1 {script.name = "b", script.value = true}
# SCALARS-SAME: !script.str {script.name = "s", script.value = "hi"}
# SCALARS-SAME: !script.none {script.name = "o", script.value}
# SCALARS-SAME: -> (!script.tensor, i64, f64, i1, !script.str, !script.none)
# SCALARS: script.aten "aten::add.int"(%{{.*}}, %{{.*}}) : (i64, i64) -> i64
save(Scalars(), (torch.randn(5), 3, 2.5, True, "hi", None), f"{folder}/scalars.pt2", ({0: A}, A, None, None, None, None))


class Tree(torch.nn.Module):
    def forward(self, d, *, k):
        return {"z": d["b"][1][0], "s": [d["a"] + d["b"][0], k]}


# TREE: script.name = "d_a"
# TREE-SAME: script.name = "d_b_0"
# TREE-SAME: script.name = "d_b_1_0"
# TREE-SAME: script.name = "k"
# TREE-SAME: script.arg_names = ["d", "k"]
# TREE-SAME: script.in_spec = "[1, {
# TREE-SAME: script.out_spec = "[1, {
# TREE: return %arg3, %{{.*}}, %arg4
save(Tree(), ({"a": torch.randn(3), "b": [torch.randn(3), (torch.randn(1),)]},), f"{folder}/tree.pt2",
     kwargs={"k": torch.ones(2)})
