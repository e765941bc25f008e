# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: not ingot-import-torchscript %t.pt -o %t.mlirbc 2>&1 | FileCheck %s
# RUN: not ls %t.mlirbc
#
# What cannot be imported is listed in full, with the attribute or source line.
import sys

import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.quantized = torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)
        self.sparse = torch.eye(3).to_sparse()
        self.names = [self.sparse]

    def forward(self, x):
        with torch.autograd.profiler.record_function("fine"):
            return x + 1


torch.jit.script(Net()).save(sys.argv[1])

# CHECK: error: '{{.*}}' has 2 parts that cannot be imported
# CHECK-DAG: note: 'self.quantized' is a quantized tensor
# CHECK-DAG: note: 'self.sparse' is not a strided tensor
