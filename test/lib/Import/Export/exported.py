"""Archives for the tests of this folder: exports of small modules, and broken copies of them."""
import json
import os
import warnings
import zipfile

import torch

warnings.filterwarnings("ignore")


def save(module, args, path, dynamic=None, decompose=False, kwargs=None):
    """Exports a module or a function and saves the archive at `path`."""
    if not isinstance(module, torch.nn.Module):
        function = module

        class Wrapper(torch.nn.Module):
            def forward(self, x, y=None):
                return function(x) if y is None else function(x, y)

        module = Wrapper()
    program = torch.export.export(module, args, kwargs, dynamic_shapes=dynamic)
    if decompose:
        program = program.run_decompositions()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    torch.export.save(program, path)


def read_entries(path):
    """Entry names, without the root folder, and their bytes."""
    archive = zipfile.ZipFile(path)
    return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def write_entries(path, entries, root="model", compression=zipfile.ZIP_STORED):
    """`entries` is a dict or a list of pairs; a list can repeat a name."""
    pairs = entries.items() if isinstance(entries, dict) else entries
    with zipfile.ZipFile(path, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in pairs:
            archive.writestr(f"{root}/{name}", data)


def edit_json(path, out, change, entry="models/model.json"):
    """A copy of an archive with one JSON entry changed in place by `change`."""
    entries = read_entries(path)
    document = json.loads(entries[entry])
    change(document)
    entries[entry] = json.dumps(document).encode()
    write_entries(out, entries)
