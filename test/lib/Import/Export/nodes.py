# RUN: %python %s %t
# RUN: ingotc %t/arguments.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=ARGS
# RUN: ingotc %t/lists.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=LISTS
# RUN: ingotc %t/symbols.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=SYMBOLS
# RUN: ingotc %t/item.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=ITEM
# RUN: ingotc %t/custom.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=CUSTOM
# RUN: not ingotc %t/autocast.pt2 --stop-after=import -o - 2>&1 | FileCheck %s --check-prefix=AUTOCAST
#
# Nodes: arguments in schema order with defaults, list results, symbolic numbers.
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
from exported import save
from torch.export import Dim

folder = sys.argv[1]
A = Dim.AUTO

# dtypes, layouts and memory formats have torch's codes, not the archive's.
# ARGS: %[[DIMS:.*]] = script.list(%{{.*}}) : (i64) -> !script.list<i64>
# ARGS: %[[KEEP:.*]] = script.constant(true)
# ARGS: %[[DTYPE:.*]] = script.constant(7 : i64)
# ARGS: script.aten "aten::sum.dim_IntList"(%{{.*}}, %[[DIMS]], %[[KEEP]], %[[DTYPE]])
# ARGS: %[[PRESERVE:.*]] = script.constant(2 : i64)
# ARGS: script.aten "aten::clone"(%{{.*}}, %[[PRESERVE]])
# ARGS: %[[INF:.*]] = script.constant(0xFFF0000000000000 : f64)
# ARGS: script.aten "aten::mul.Tensor"(%{{.*}}, %[[INF]])
# ARGS: script.constant([0.000000e+00, 2.000000e+00]) : !script.complex
# ARGS: script.constant("cpu") : !script.device
# ARGS: script.constant("tanh") : !script.str
save(lambda x: (x.sum(0, True, dtype=torch.float64), x.clone(memory_format=torch.channels_last),
                x * float("-inf"), x * 2j, torch.zeros(2, device="cpu"), torch.nn.functional.gelu(x, approximate="tanh")),
     (torch.randn(1, 2, 3, 4),), f"{folder}/arguments.pt2")

# LISTS: %[[SPLIT:.*]] = script.aten "aten::split.Tensor"({{.*}}) : ({{.*}}) -> !script.list<!script.tensor>
# LISTS: script.unpack %[[SPLIT]] : (!script.list<!script.tensor>) -> (!script.tensor, !script.tensor)
# LISTS: %[[SORT:.*]]:2 = script.aten "aten::sort"
# LISTS: script.list(%{{.*}}, %{{.*}}) : (!script.none, !script.tensor) -> !script.list<!script.optional<!script.tensor>>
# LISTS: script.aten "aten::index.Tensor"
# LISTS: script.aten "aten::relu_"
save(lambda x: (*x.split(2, 1), x.sort()[1], x[:, torch.tensor([0, 1])], torch.relu_(x)), (torch.randn(3, 4),),
     f"{folder}/lists.pt2")

# SYMBOLS: %[[N:.*]] = script.aten "aten::size.int"
# SYMBOLS: %[[H:.*]] = script.aten "aten::mul.int"(%[[N]], %{{.*}}) : (i64, i64) -> i64
# SYMBOLS: script.list(%[[H]], %{{.*}}) : (i64, i64) -> !script.list<i64>
# SYMBOLS: script.aten "prim::max.int"(%{{.*}}, %{{.*}}) : (i64, i64) -> i64
# SYMBOLS: script.aten "aten::div.int"(%{{.*}}, %{{.*}}) : (i64, i64) -> f64
save(lambda x: (x.new_zeros(x.shape[0] * 5, 3), torch.sym_max(x.shape[0], 7), x.shape[0] / 2), (torch.randn(4, 6),),
     f"{folder}/symbols.pt2", ({0: A},))


def item(x):
    n = x.item()
    torch._check(n >= 0)
    return torch.zeros(n), x.float().item() * 2.0


# ITEM: %[[N:.*]] = script.aten "aten::item"(%{{.*}}) : (!script.tensor) -> i64
# ITEM: %[[OK:.*]] = script.aten "aten::ge.int"(%[[N]]
# ITEM: script.aten "aten::_assert_scalar"(%[[OK]]
# ITEM: %[[F:.*]] = script.aten "aten::item"(%{{.*}}) : (!script.tensor) -> f64
# ITEM: script.aten "aten::mul.float"(%[[F]]
save(item, (torch.tensor(3),), f"{folder}/item.pt2")


@torch.library.custom_op("mylib::twice", mutates_args=())
def twice(x: torch.Tensor, times: int) -> torch.Tensor:
    return x * times


@twice.register_fake
def _(x, times):
    return torch.empty_like(x)


# An operator that is not torch's is imported too: later phases list all of them.
# CUSTOM: script.aten "mylib::twice"(%{{.*}}, %{{.*}}) {script.arg_names = ["x", "times"]} : (!script.tensor, i64) -> !script.tensor
save(lambda x: twice(x, 2), (torch.randn(3),), f"{folder}/custom.pt2")


def autocast(x):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return x @ x


# AUTOCAST: exported.py{{.*}}autocast region is not supported before run_decompositions()
save(autocast, (torch.randn(3, 3),), f"{folder}/autocast.pt2")
