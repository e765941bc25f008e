# REQUIRES: torch
# RUN: %python %s %t.pt
# RUN: ingot-import-torchscript %t.pt --text | FileCheck %s
#
# Dtypes, strides and the lazy conjugate bit, which has no form in a file.
import sys

import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.bf16 = torch.nn.Parameter(torch.ones(2, dtype=torch.bfloat16))
        self.u16 = torch.ones(2, dtype=torch.uint16)
        self.flag = torch.tensor([True])
        self.conj = torch.tensor([1 + 2j, 3 - 4j]).conj()
        self.transposed = torch.ones(2, 3).t()
        self.expanded = torch.ones(1).expand(4)
        self.scalar = torch.tensor(1.5, dtype=torch.float64)

    def forward(self, x):
        return x


torch.jit.script(Net()).save(sys.argv[1])

# CHECK: script.weight {{.*}} {dtype = 15 : i64, nbytes = 4 : i64, {{.*}}requires_grad, sizes = array<i64: 2>
# CHECK: script.weight {{.*}} {dtype = 27 : i64, nbytes = 4 : i64
# CHECK: script.weight {{.*}} {dtype = 11 : i64, nbytes = 1 : i64
# CHECK: script.constant(dense<[(1.000000e+00,-2.000000e+00), (3.000000e+00,4.000000e+00)]> : tensor<2xcomplex<f32>>) : !script.tensor
# CHECK: script.weight {{.*}} sizes = array<i64: 3, 2>, storage_offset = 0 : i64, strides = array<i64: 1, 3>
# CHECK: script.weight {{.*}} nbytes = 4 : i64, {{.*}}sizes = array<i64: 4>, storage_offset = 0 : i64, strides = array<i64: 0>
# CHECK: script.weight {{.*}} {dtype = 7 : i64, nbytes = 8 : i64, {{.*}}sizes = array<i64>, storage_offset = 0 : i64, strides = array<i64>
