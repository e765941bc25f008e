# RUN: %python %s %t
# RUN: ingotc %t/cond.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=COND
# RUN: ingotc %t/while.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=WHILE
# RUN: ingotc %t/scan.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=SCAN
# RUN: ingotc %t/no_grad.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=NOGRAD
# RUN: ingotc %t/effects.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=EFFECTS
#
# Operators that carry graphs; effects without their tokens.
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
from exported import save
from torch._higher_order_ops import while_loop
from torch._higher_order_ops.scan import scan

folder = sys.argv[1]

# COND: %[[P:.*]] = script.aten "aten::Bool.Tensor"
# COND: %[[R:.*]] = script.if %[[P]] : (i1) -> !script.tensor {
# COND-NEXT: %[[S:.*]] = script.aten "aten::sin"(%[[X:.*]]) :
# COND-NEXT: script.yield %[[S]]
# COND-NEXT: } else {
# COND-NEXT: %[[C:.*]] = script.aten "aten::cos"(%[[X]]) :
# COND-NEXT: script.yield %[[C]]
# COND: return %[[R]]
save(lambda x: torch.cond(x.sum() > 0, lambda t: t.sin(), lambda t: t.cos(), (x,)), (torch.randn(3),), f"{folder}/cond.pt2")

# WHILE: %[[FIRST:.*]] = script.aten "aten::Bool.Tensor"
# WHILE: %[[MAX:.*]] = script.constant(9223372036854775807 : i64)
# WHILE: script.loop %[[MAX]] while %[[FIRST]](%{{.*}}, %{{.*}}) : (i64, i1, !script.tensor, !script.tensor) -> (!script.tensor, !script.tensor) {
# WHILE: ^bb0(%{{[a-z0-9]+}}: i64{{.*}}, %[[I:[a-z0-9]+]]: !script.tensor{{.*}}, %[[A:[a-z0-9]+]]: !script.tensor
# WHILE: %[[J:.*]] = script.aten "aten::add.Tensor"(%[[I]]
# WHILE: %[[B:.*]] = script.aten "aten::mul.Tensor"(%[[A]]
# WHILE: script.aten "aten::lt.Scalar"(%[[J]]
# WHILE: %[[AGAIN:.*]] = script.aten "aten::Bool.Tensor"
# WHILE: script.yield %[[AGAIN]], %[[J]], %[[B]]
save(lambda x: while_loop(lambda i, a: i < 5, lambda i, a: (i + 1, a * 2), (torch.zeros((), dtype=torch.int64), x)),
     (torch.randn(3),), f"{folder}/while.pt2")

# SCAN: %[[OUT:.*]] = script.list() : () -> !script.list<!script.tensor>
# SCAN: %[[N:.*]] = script.aten "aten::size.int"
# SCAN: %[[CARRY:.*]] = script.loop %[[N]]
# SCAN: script.aten "aten::select.int"
# SCAN: script.aten "aten::append.t"(%[[OUT]]
# SCAN: %[[Y:.*]] = script.aten "aten::stack"(%[[OUT]]
# SCAN: return %[[CARRY]], %[[Y]]
save(lambda x: scan(lambda c, r: (c + r, (c * r).clone()), torch.zeros(3), x, dim=0), (torch.randn(4, 3),),
     f"{folder}/scan.pt2")


def no_grad(x):
    with torch.no_grad():
        y = x.sin()
    return y + 1


# NOGRAD: %[[S:.*]] = script.aten "aten::sin"
# NOGRAD: script.aten "aten::add.Tensor"(%[[S]]
save(no_grad, (torch.randn(3),), f"{folder}/no_grad.pt2")


def effects(x):
    torch.ops.aten._print("one")
    y = x + 1
    torch.ops.aten._print("two")
    return y


# EFFECTS-NOT: with_effects
# EFFECTS: script.constant("one")
# EFFECTS: script.aten "aten::_print"(%{{.*}}) : (!script.str) -> ()
# EFFECTS: script.aten "aten::add.Tensor"
# EFFECTS: script.constant("two")
# EFFECTS: script.aten "aten::_print"
# EFFECTS: return %{{[0-9]+}} : !script.tensor
save(effects, (torch.randn(3),), f"{folder}/effects.pt2", decompose=True)
