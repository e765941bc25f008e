# REQUIRES: torch
# RUN: %python %s %t ingot-import-torchscript
#
# What is no TorchScript archive, or a broken one, is one clear error: exit code
# 1, a text that says what was found, no output file, no crash.
import io
import os
import random
import re
import subprocess
import sys
import zipfile

import torch

folder, tool = sys.argv[1:3]
os.makedirs(folder, exist_ok=True)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(8, 8)

    def forward(self, x):
        return self.linear(x)


buffer = io.BytesIO()
torch.jit.save(torch.jit.script(Net()), buffer)
good = buffer.getvalue()


def rewrite(change):
    """The archive with entries changed: change(name, data) -> data or None."""
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(good))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for info in source.infolist():
            data = change(info.filename.split("/", 1)[1], source.read(info))
            if data is not None:
                target.writestr(info.filename, data)
    return out.getvalue()


def replace(name, new):
    return rewrite(lambda n, d: new(d) if n == name else d)


def pickled(value):
    out = io.BytesIO()
    torch.save(value, out)
    return out.getvalue()


def legacy_pickled(value):
    out = io.BytesIO()
    torch.save(value, out, _use_new_zipfile_serialization=False)
    return out.getvalue()


def exported():
    out = io.BytesIO()
    torch.export.save(torch.export.export(Net(), (torch.zeros(2, 8),)), out)
    return out.getvalue()


UNKNOWN = b"""class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : None
  linear : __torch__.torch.nn.modules.linear.Linear
  def forward(self: __torch__.Net, x: Tensor) -> Tensor:
    y = ops.custom.first(x)
    z = ops.custom.second(y)
    return torch.relu(z)
"""

central = good.rfind(b"PK\x01\x02")
cases = {
    "empty": (b"", "is empty"),
    "text": (b"hello, world\n" * 100, "is no zip archive"),
    "zeros": (bytes(4096), "is no zip archive"),
    "half": (good[: len(good) // 2], "cannot be loaded|truncated"),
    "without-end": (good[:-22], "cannot be loaded|truncated"),
    "one-byte-short": (good[:-1], "cannot be loaded|truncated"),
    "only-magic": (b"PK\x03\x04", "cannot be loaded"),
    "head-cut": (good[256:], "is no zip archive|cannot be loaded|corrupted"),
    "central-directory": (good[:central] + bytes(40) + good[central + 40 :], "cannot be loaded|corrupted"),
    "torch-save": (pickled({"a": torch.zeros(3)}), r"is a Python pickle \(torch.save\)"),
    "torch-save-legacy": (legacy_pickled([1, 2]), r"is a Python pickle \(torch.save\)"),
    "torch-export": (exported(), "is a torch.export archive.*name it .pt2"),
    "other-zip": (rewrite(lambda n, d: d if n == "version" else None), "without data.pkl and constants.pkl"),
    "no-version": (rewrite(lambda n, d: None if n == "version" else d), "cannot be loaded"),
    "future-version": (replace("version", lambda d: b"999\n"), "version 999"),
    "no-number-version": (replace("version", lambda d: b"abc\n"), "cannot be loaded"),
    "no-data": (rewrite(lambda n, d: None if n == "data.pkl" else d), "without data.pkl"),
    "no-weight": (rewrite(lambda n, d: None if n == "data/0" else d), "data/0"),
    "short-weight": (replace("data/0", lambda d: d[:-4]), "'data/0' has 252 bytes.*claims 256"),
    "no-code": (rewrite(lambda n, d: None if n.startswith("code/") else d), "cannot be loaded"),
    "pickle-cut": (replace("data.pkl", lambda d: d[: len(d) // 2]), "cannot be loaded"),
    "pickle-noise": (replace("data.pkl", lambda d: bytes(range(200)) + d), "cannot be loaded"),
    "pickle-empty": (replace("data.pkl", lambda d: b""), "cannot be loaded"),
    "code-noise": (replace("code/__torch__.py", lambda d: b"class ]["), "cannot be loaded"),
    "code-empty": (replace("code/__torch__.py", lambda d: b""), "cannot be loaded"),
    "constants-noise": (replace("constants.pkl", lambda d: b"\xff\xff"), "cannot be loaded"),
    "unknown-operators": (
        replace("code/__torch__.py", lambda d: UNKNOWN),
        r"2 parts that cannot be imported\n.*code/__torch__.py:8:.*custom::first.*\n.*code/__torch__.py:9:.*custom::second",
    ),
    # Not every result can be taken for a tensor.
    "unknown-types": (
        replace("code/__torch__.py", lambda d: UNKNOWN.replace(b"custom.first(x)", b"custom.first(x)[0:1].upper()")),
        r"operators that this build does not know\n.*code/__torch__.py:8:.*custom::first.*\n.*code/__torch__.py:9:.*custom::second",
    ),
}

failures = []


def check(name, path, pattern):
    output = os.path.join(folder, name + ".mlirbc")
    if os.path.exists(output):
        os.remove(output)
    run = subprocess.run([tool, path, "-o", output], capture_output=True, text=True, errors="replace", timeout=120)
    text = run.stderr
    if run.returncode != 1 or not re.search(pattern, text) or not text.startswith("error: ") or os.path.exists(output):
        failures.append(f"{name}: exit {run.returncode}, expected /{pattern}/, got:\n{text}")
    if text.count("error: ") != 1:
        failures.append(f"{name}: not one error but {text.count('error: ')}:\n{text}")


for name, (data, pattern) in cases.items():
    path = os.path.join(folder, name + ".pt")
    with open(path, "wb") as file:
        file.write(data)
    check(name, path, pattern)
check("missing", os.path.join(folder, "no-such-file.pt"), "No such file|no such file")
check("folder", folder, "folder|directory")

# A storage that its pickle makes larger than its record, and a view past the
# end of its storage: sizes in the pickle are BININT1 'K' bytes.
for old, new, name in ((b"K@", b"K\xff", "numel"), (b"(K\x08K\x08t", b"(K\x50K\x08t", "view")):
    data = replace("data.pkl", lambda d: d.replace(old, new))
    path = os.path.join(folder, f"large-{name}.pt")
    with open(path, "wb") as file:
        file.write(data)
    check("large-" + name, path, "corrupted|cannot be loaded")

# Noise anywhere: the import succeeds or refuses; it never leaves half an output.
random.seed(0)
for i in range(24):
    data = bytearray(good)
    for _ in range(8):
        data[random.randrange(len(data))] = random.randrange(256)
    path = os.path.join(folder, "noise.pt")
    with open(path, "wb") as file:
        file.write(data)
    output = os.path.join(folder, "noise.mlirbc")
    run = subprocess.run([tool, path, "-o", output], capture_output=True, text=True, errors="replace", timeout=120)
    if run.returncode not in (0, 1) and run.returncode >= 0:
        failures.append(f"noise {i}: exit {run.returncode}: {run.stderr}")
    if run.returncode != 0 and os.path.exists(output):
        failures.append(f"noise {i}: left an output")
    if os.path.exists(output):
        os.remove(output)

# The good one still imports, and a name that was not given is a usage error.
if subprocess.run([tool, os.path.join(folder, "good.pt")], capture_output=True).returncode != 1:
    failures.append("a missing file must give exit code 1")
if subprocess.run([tool], capture_output=True).returncode != 2:
    failures.append("no argument must give exit code 2")
sys.exit("\n".join(failures) if failures else 0)
