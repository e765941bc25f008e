# RUN: %python %s %t
# RUN: ingotc %t/training.pt2 --stop-after=import -o - | FileCheck %s --check-prefixes=STATE,TRAIN
# RUN: ingotc %t/decomposed.pt2 --stop-after=import -o - | FileCheck %s --check-prefixes=STATE,CORE
# RUN: ingotc %t/inputs.pt2 --stop-after=import -o - | FileCheck %s --check-prefix=INPUTS
#
# Parameters, buffers and constants: tied ones are one value, views share their
# storage, mutations are written back.
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
from exported import save

folder = sys.argv[1]


class State(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.randn(3))
        self.tied = self.w
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        self.register_buffer("turned", torch.arange(12.0).reshape(3, 4).t())
        self.register_buffer("hidden", torch.ones(3), persistent=False)
        self.constant = torch.ones(3, 3)[:, 1]

    def forward(self, x):
        self.count.add_(1)
        return x * self.w + self.tied + self.hidden + self.constant + self.turned.sum(), self.count


# STATE: script.instance {
# STATE-DAG: %[[W:.*]] = script.weight "weights/weight_0" {dtype = 6 : i64, nbytes = 12 : i64, offset = {{[0-9]+}} : i64, requires_grad, sizes = array<i64: 3>, storage_offset = 0 : i64, strides = array<i64: 1>}
# STATE-DAG: script.weight {{.*}}sizes = array<i64: 4, 3>, {{.*}}strides = array<i64: 1, 4>
# STATE-DAG: script.weight {{.*}}dtype = 4 : i64, {{.*}}sizes = array<i64>
# STATE: script.object(%{{.*}}) {buffers = ["count", "turned", "hidden"], is_module, names = [{{.*}}"tied", "turned", "w"{{.*}}], parameters = ["w", "tied"]}
# STATE: func.func @forward(%[[SELF:[a-z0-9]+]]: !script.object<"ExportedProgram">
# STATE: %[[COUNT:.*]] = script.get_attr %[[SELF]]["count"]
# TRAIN: script.aten "aten::add_.Tensor"(%[[COUNT]]
# TRAIN-NOT: aten::copy_
# The functional form copies the new value back, and returns the buffer itself.
# CORE: %[[NEW:.*]] = script.aten "aten::add.Tensor"(%[[COUNT]]
# CORE: %[[BUFFER:.*]] = script.get_attr %[[SELF]]["count"]
# CORE: %[[COPY:.*]] = script.aten "aten::copy_"(%[[BUFFER]], %[[NEW]]
# CORE: return %{{.*}}, %[[COPY]]
for decompose in (False, True):
    save(State(), (torch.randn(2, 3),), f"{folder}/{'decomposed' if decompose else 'training'}.pt2", decompose=decompose)


def write(x):
    x.add_(1)
    return x[0]


# INPUTS: func.func @forward(%{{[a-z0-9]+}}: {{.*}}, %[[X:[a-z0-9]+]]: !script.tensor
# INPUTS: %[[NEW:.*]] = script.aten "aten::add.Tensor"(%[[X]]
# INPUTS: script.aten "aten::copy_"(%[[X]], %[[NEW]]
save(write, (torch.randn(3, 4),), f"{folder}/inputs.pt2", decompose=True)
