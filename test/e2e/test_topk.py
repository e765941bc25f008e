# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""topk where values tie: the same elements, in the same order, as PyTorch chooses.

  test_topk.py
"""
import sys
import tempfile
from pathlib import Path

import torch

import harness

DTYPES = (torch.float32, torch.float64, torch.int64, torch.uint8, torch.bfloat16)
OPTIONS = ((3, -1, True, True), (1, 0, False, True), (5, 1, True, False))  # k, dim, largest, sorted
SHAPES = ((7, 9), (5, 200), (400, 6))


class TopK(torch.nn.Module):
    def __init__(self, k: int, dim: int, largest: bool, order: bool):
        super().__init__()
        self.k, self.dim, self.largest, self.order = k, dim, largest, order

    def forward(self, x):
        values, indices = torch.topk(x, self.k, self.dim, self.largest, self.order)
        return values, indices


def main():
    torch.manual_seed(0)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        for dtype in DTYPES:
            for options in OPTIONS:
                program = torch.jit.script(TopK(*options))
                program.save(str(folder / "topk.pt"))
                so = None
                for shape in SHAPES:
                    x = torch.randint(0, 6, shape).to(dtype)
                    if dtype.is_floating_point:
                        x[0, 3] = float("nan")
                    case = harness.write_case(folder / "case", (x,))
                    so = so or harness.compile(folder / "topk.pt", folder / "topk.so", case)
                    values, indices = harness.run(so, case, folder / "out")[0]
                    expected = program(x)
                    same = torch.equal(indices, expected[1]) and torch.equal(values.nan_to_num(9), expected[0].nan_to_num(9))
                    passed, failed = passed + same, failed + (not same)
                    if not same:
                        print(f"FAIL {dtype} {options} {shape}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
