# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arguments that PyTorch refuses: the library raises, with the same text.

  test_refusals.py [--match RE]

A row is an expression of the tensors x and y (sizes, or values), each a scripted program of its own. All sizes are dynamic,
so most of the errors are found at run time.
"""
import importlib.util
import sys

import torch

import harness

INT, LONG, HALF, CFLOAT = torch.int32, torch.int64, torch.float16, torch.complex64


def of(*sizes, dtype=torch.float32):
    return torch.ones(sizes, dtype=dtype)


ROWS = [
    ("torch.movedim(x, [1, -1], [1, 0, 2])", of(2, 3, 4)),
    ("torch.movedim(x, [1, -1, 2], [1, 0])", of(2, 3, 4)),
    ("torch.movedim(x, [0, 2, -1], [0, 1, 2])", of(2, 3, 4)),
    ("torch.movedim(x, [0, 1], [0, -3])", of(2, 3, 4)),
    ("torch.roll(x, [1, 2], [0])", of(2, 3)),
    ("torch.roll(x, 1, 0)", of()),
    ("torch.rot90(x, 1, [0, 0])", of(2, 3)),
    ("torch.rot90(x, 1, [0, 1])", of(3)),
    ("torch.diag_embed(x, dim1=1, dim2=1)", of(2, 3)),
    ("torch.unbind(x)", of()),
    ("torch.hsplit(x, 2)", of(2, 5)),
    ("torch.vsplit(x, 2)", of(3, 4)),
    ("torch.dsplit(x, 3)", of(2, 3, 4)),
    ("torch.dsplit(x, [1])", of(2, 3)),
    ("torch.fft.fft(x)", of()),
    ("torch.fft.rfft(x)", of()),
    ("torch.fft.ifft2(x, dim=[0])", of()),
    ("torch.linalg.cross(x, y)", of(2, 3), of(3)),
    ("torch.linalg.cross(x, y)", of(2, 3), of(2, 1)),
    ("torch.vdot(x, y)", of(2, 3), of(3)),
    ("torch.vdot(x, y)", of(3), of(4)),
    ("torch.vdot(x, y)", of(3), of(3, dtype=HALF)),
    ("torch.tensordot(x, y, dims=[[0], [0]])", of(2, 3), of(4, 3)),
    ("torch.arange(0, float('inf'), 2) + x", of(3)),
    ("torch.eye(-1) + x", of(3)),
    ("torch.empty_permuted((2,), (0, 1)).shape[0] + x", of(3)),
    ("torch.empty_permuted((2,), (3,)).shape[0] + x", of(3)),
    ("torch.empty_permuted((2, 3), (0, 0)).shape[0] + x", of(3)),
    ("torch.eye(0, x.size(0) - 4) + x", of(1)),
    ("torch.nn.functional.adaptive_max_pool2d(x, ())", of(1, 2, 3, 4)),
    ("torch.nn.functional.adaptive_avg_pool2d(x, ())", of(1, 2, 3, 4)),
    ("torch.cosine_similarity(x, y)", of(2, 3, dtype=LONG), of(2, 3, dtype=LONG)),
    ("torch.cosine_similarity(x, y)", of(), of()),
    ("torch.nn.functional.pad(x, [4, 0], 'circular')", of(1, 2, 3)),
    ("torch.cov(x, fweights=y)", of(2, 3), of(3)),
    ("torch.cov(x, fweights=y)", of(2, 3), of(1, 3, dtype=LONG)),
    ("torch.cov(x, fweights=y)", of(2, 3), of(2, dtype=LONG)),
    ("torch.cov(x, fweights=y)", of(2, 3), -of(3, dtype=LONG)),
    ("torch.cov(x, aweights=y)", of(2, 3), of(3, dtype=LONG)),
    ("torch.cov(x, aweights=y)", of(2, 3), -of(3)),
    ("torch.diff(x, n=-1)", of(3)),
    ("torch.diff(x)", of()),
    ("torch.isclose(x, y, rtol=-0.4)", of(3), of(3)),
    ("torch.isclose(x, y, atol=-0.25)", of(3), of(3)),
    ("torch.complex(x, y)", of(3), of(3, dtype=INT)),
    ("torch.complex(x, y)", of(3), of(3, dtype=torch.float64)),
    ("torch.kthvalue(x, 3)", of(dtype=LONG)),
    ("torch.kthvalue(x, 3)", of(2)),
    ("torch.multinomial(x, 2)", 0 * of(3)),
    ("torch.multinomial(x, 2, replacement=True)", torch.tensor([[1.0, 2], [0, 0]])),
    ("torch.repeat_interleave(x, y)", of(3), of(2, dtype=LONG)),
    ("torch.repeat_interleave(x, y)", of(3), torch.tensor([1, -1, 1])),
    ("torch.repeat_interleave(x, y)", of(3), of(3)),
    ("torch.tensor_split(x, y)", of(3), of(3)),
    ("torch.narrow(x, 0, y, 1)", of(3), of(2, dtype=LONG)),
    ("torch._chunk_cat([x, y], 0, 1)", of(0), of(3)),
    ("torch._chunk_cat([x, y], -1, 1)", of(2, 3), of(3)),
    ("torch.segment_reduce(x, 'sum', lengths=y)", of(5), torch.tensor([1, 2])),
    ("F.embedding(x, y)", of(2), of(4, 3)),
    ("F.gelu(x, approximate='some')", of(3)),
    ("F.prelu(x, y)", of(2, 3), of(2)),
    ("F.prelu(x, y)", of(2, 3), of(1, 3)),
    ("F.prelu(x, y)", of(), of(2)),
    ("F.rms_norm(x, [2, 3])", of(2, 2, 4)),
    ("F.layer_norm(x, [2, 3])", of(2, 2, 4)),
    ("F.layer_norm(x, [3], y)", of(2, 3), of(1, 3)),
    ("F.layer_norm(x, [3], y)", of(2, 3), of(2)),
    ("F.rrelu(x, lower=0.5, upper=0.1)", of(3)),
    ("F.max_pool1d(x, 2)", of(0, 4)),
    ("F.max_pool2d(x, 2)", of(1, 0, 4)),
    ("F.max_pool3d(x, 1)", of(0, 1, 2, 4)),
    ("F.avg_pool2d(x, 2)", of(2, 0, 4, 4)),
    ("F.adaptive_avg_pool2d(x, [-1, 2])", of(1, 2, 4, 4)),
    ("F.adaptive_max_pool2d(x, [-1, 2])", of(1, 2, 4, 4)),
    ("F.multi_margin_loss(x, y)", of(2, 3), of(2)),
    ("F.multi_margin_loss(x, y)", of(2, 3), of(3, dtype=LONG)),
    ("F.multilabel_margin_loss(x, y)", of(0), of(0, dtype=LONG)),
    ("F.multilabel_margin_loss(x, y)", of(2, 3), of(2, 4, dtype=LONG)),
    ("F.glu(x, 1)", of(2, 3)),
    ("F.adaptive_avg_pool2d(x, [2, 2])", of(1, 2, 0, 4)),
    ("F.interpolate(x, scale_factor=2.0)", of(1, 0, 3)),
    ("F.pad(x, [1, 0], mode='reflect')", of(0, 3)),
    ("torch.linalg.vector_norm(x, float('inf'))", of(0, 3)),
    ("torch.linalg.vector_norm(x, -1.5, 1)", of(3, 0)),
    ("torch.quantile(x, 0.5, 1)", of(0, 3)),
    ("torch.cat([x, y], 1)", of(2), of(2, 3)),
    ("F.mse_loss(x, y)", of(2, 3), of(2, 4)),
]
# Found at another place, or with numbers that the library's text leaves out.
OTHER_TEXT = {"torch.cat([x, y], 1)", "F.adaptive_avg_pool2d(x, [2, 2])", "torch.fft.ifft2(x, dim=[0])", "F.multi_margin_loss(x, y)", "F.adaptive_max_pool2d(x, [-1, 2])",
              "F.adaptive_avg_pool2d(x, [-1, 2])", "F.max_pool3d(x, 1)", "F.max_pool1d(x, 2)", "F.rrelu(x, lower=0.5, upper=0.1)"}


def module(folder, expression, names):
    file = folder / "program.py"
    file.write_text(f"import torch\nimport torch.nn.functional as F\n\n\nclass Program(torch.nn.Module):\n"
                    f"    def forward(self, {names}):\n        return {expression}\n")
    spec = importlib.util.spec_from_file_location(f"refusal_{abs(hash(str(file)))}", file)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return torch.jit.script(loaded.Program())


def refused(expression, args):
    def test(folder):
        scripted = module(folder, expression, ", ".join("xy"[:len(args)]))
        try:
            scripted(*args)
            return "PyTorch does not raise"
        except Exception as e:
            text = str(e).strip().splitlines()[-1].split("Error: ", 1)[-1]
        scripted.save(str(folder / "program.pt"))
        case = harness.write_case(folder / "case", args)
        harness.compile(folder / "program.pt", folder / "program.so", case, "-O0")
        try:
            harness.run(folder / "program.so", case, folder / "out")
        except harness.ProgramError as e:
            return None if text in e.message or expression in OTHER_TEXT else f"{text!r} expected, got {e.message!r}"
        return f"did not raise {text!r}"
    return test


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    sys.exit(harness.main([(f"{expression} {[list(a.shape) for a in args]}", refused(expression, args)) for expression, *args in ROWS]))
