# RUN: %python %s %t ingotc
#
# Broken and hostile archives: each is one clear error with exit code 1, and no
# output file is left.
import json
import os
import random
import struct
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch
from exported import edit_json, read_entries, save, write_entries
from torch.export import Dim

folder, tool = sys.argv[1:3]
good = f"{folder}/good.pt2"


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(8, 8)
        self.register_buffer("count", torch.zeros(3))

    def forward(self, x, y):
        self.count.add_(1)
        a, b = torch.relu(self.linear(x) + y.sum()).split(4, 1)
        return a * b, y.shape[0] // 2


save(Net(), (torch.randn(6, 8), torch.randn(4, 3)), good, ({0: Dim.AUTO}, {0: Dim.AUTO}), decompose=True)
original = open(good, "rb").read()
entries = read_entries(good)
WEIGHTS = "data/weights/model_weights_config.json"
CONSTANTS = "data/constants/model_constants_config.json"
failures = 0
cases = 0


def run(path):
    out = f"{folder}/out.mlir"
    if os.path.exists(out):
        os.remove(out)
    return subprocess.run([tool, path, "--stop-after=import", "-o", out], capture_output=True, text=True, timeout=60), os.path.exists(out)


def expect(name, path, message):
    """The archive is refused with a text that holds `message`."""
    global failures, cases
    cases += 1
    process, left = run(path)
    problem = None
    if process.returncode != 1:
        problem = f"exit code {process.returncode}"
    elif left:
        problem = "an output file was left"
    elif message not in process.stderr:
        problem = f"expected {message!r}"
    elif process.stderr.count("error:") != 1:
        problem = "expected one error"
    if problem:
        failures += 1
        print(f"{name}: {problem}; stderr: {process.stderr[:400]!r}", file=sys.stderr)


def raw(name, data, message):
    path = f"{folder}/{name}.pt2"
    with open(path, "wb") as file:
        file.write(data)
    expect(name, path, message)


def repacked(name, changes, message, **options):
    """The archive with entries replaced, or removed where the new bytes are None."""
    path = f"{folder}/{name}.pt2"
    changed = {**entries, **changes}
    write_entries(path, {k: v for k, v in changed.items() if v is not None}, **options)
    expect(name, path, message)


def edited(name, change, message, entry="models/model.json"):
    path = f"{folder}/{name}.pt2"
    edit_json(good, path, change, entry)
    expect(name, path, message)


process, left = run(good)
assert process.returncode == 0 and left, process.stderr

# The container.
expect("missing", f"{folder}/no_such_file.pt2", "No such file")
expect("folder", folder, "is a folder")
raw("empty", b"", "the file is empty")
raw("text", b"hello, this is no archive at all", "not a zip archive")
raw("magic", b"XX" + original[2:], "not a zip archive")
raw("short", original[:10], "not a zip archive")
for part in (1, 2, 3):
    raw(f"truncated{part}", original[: len(original) * part // 4], "truncated archive")
raw("truncated_end", original[:-1], "truncated archive")
end = original.rfind(b"PK\x05\x06")


def patched(offset, form, value):
    data = bytearray(original)
    struct.pack_into(form, data, offset, value)
    return bytes(data)


zip64 = original.rfind(b"PK\x06\x06")
directory = struct.unpack_from("<I", original, end + 16)[0]
if directory == 0xFFFFFFFF:
    directory = struct.unpack_from("<Q", original, zip64 + 48)[0]
if zip64 >= 0:
    raw("directory_offset", patched(zip64 + 48, "<Q", len(original)), "damaged archive")
    raw("directory_size", patched(zip64 + 40, "<Q", 1 << 60), "damaged archive")
    raw("directory_count", patched(zip64 + 32, "<Q", 1 << 50), "damaged archive")
raw("end_offset", patched(end + 16, "<I", len(original) - 3), "damaged archive")
raw("end_count", patched(end + 10, "<H", 60000), "damaged archive")
raw("entry_magic", patched(directory, "<I", 0), "damaged archive")
raw("entry_header", patched(directory + 42, "<I", 1 << 30), "damaged archive")
raw("entry_size", patched(directory + 24, "<I", 1 << 30), "damaged archive")
raw("entry_name", patched(directory + 28, "<H", 65535), "damaged archive")
raw("encrypted", patched(directory + 8, "<H", 1), "is encrypted")
second = original.find(b"PK\x01\x02", directory + 4)
raw("overlap", patched(second + 42, "<I", struct.unpack_from("<I", original, directory + 42)[0]), "damaged archive")
repacked("compressed", {}, "is compressed", compression=zipfile.ZIP_DEFLATED)
write_entries(f"{folder}/twice.pt2", list(entries.items()) + [("models/model.json", b"{}")])
expect("twice", f"{folder}/twice.pt2", "two entries 'models/model.json'")
repacked("escape", {"../../evil": b"x"}, "is not a path in the archive")
with zipfile.ZipFile(f"{folder}/roots.pt2", "w") as archive:
    for position, (key, data) in enumerate(entries.items()):
        archive.writestr(f"root{position}/{key}", data)
expect("roots", f"{folder}/roots.pt2", "is not in the archive's folder")
checksum = bytearray(original)
checksum[original.find(b'"graph_module"') + 3] ^= 1
raw("checksum", bytes(checksum), "the checksum of entry 'models/model.json' is wrong")

# The format.
repacked("no_format", {"archive_format": None}, "not a torch.export archive")
repacked("torchscript", {"archive_format": None, "data.pkl": b"", "constants.pkl": b""}, "TorchScript archive")
repacked("format", {"archive_format": b"pt3"}, "archive_format is 'pt3', expected 'pt2'")
repacked("version", {"archive_version": b"7"}, "archive_version is '7', expected '0'")
repacked("no_version", {"archive_version": None}, "no entry 'archive_version'")
repacked("byteorder", {"byteorder": b"big"}, "byteorder is 'big', expected 'little'")
repacked("no_model", {"models/model.json": None}, "the archive has no model")
repacked("two_models", {"models/other.json": b"{}"}, "the archive has 2 models")
repacked("no_weights", {WEIGHTS: None}, "no entry 'data/weights/model_weights_config.json'")
repacked("no_constants", {CONSTANTS: None}, "no entry 'data/constants/model_constants_config.json'")

# The weights.
repacked("no_weight", {"data/weights/weight_0": None}, "no entry 'data/weights/weight_0'")
repacked("short_weight", {"data/weights/weight_0": b"1234"}, "which has 4")
repacked("weights_json", {WEIGHTS: b"{"}, "not valid JSON")


def tensor(key, value):
    def change(document):
        document["config"]["linear.weight"]["tensor_meta"][key] = value
    return change


edited("dtype", tensor("dtype", 99), "dtype code 99, which is not supported", WEIGHTS)
edited("layout", tensor("layout", 1), "is not strided", WEIGHTS)
edited("negative", tensor("sizes", [{"as_int": -8}, {"as_int": 8}]), "not negative", WEIGHTS)
edited("huge", tensor("sizes", [{"as_int": 1 << 62}, {"as_int": 1 << 62}]), "bytes of entry", WEIGHTS)
edited("strides", tensor("strides", [{"as_int": 1}]), "2 sizes but 1 strides", WEIGHTS)
edited("storage_offset", tensor("storage_offset", {"as_int": 1}), "bytes of entry", WEIGHTS)
edited("path", lambda d: d["config"]["linear.weight"].update(path_name="../../secret"), "is not the name of an entry", WEIGHTS)

# The program.
repacked("json", {"models/model.json": b'{"graph_module": '}, "not valid JSON")
repacked("json_utf8", {"models/model.json": b'{"a": "\xff\xfe"}'}, "not valid JSON")
repacked("json_deep", {"models/model.json": b"[" * 100000 + b"]" * 100000}, "nested deeper than")
repacked("json_list", {"models/model.json": b"[]"}, "at $: expected an object, found an array")
edited("schema", lambda d: d["schema_version"].update(major=9), "schema version 9.")
edited("no_schema", lambda d: d.pop("schema_version"), "at $: the key 'schema_version' is missing")
edited("no_graph", lambda d: d["graph_module"].pop("graph"), "at $.graph_module: the key 'graph' is missing")
edited("guard", lambda d: d["guards_code"].append("L['x'].size()[0"), "cannot read the guard")
edited("guard_input", lambda d: d["guards_code"].append("L['z'].size()[0] == 3"), "there is no such input")
edited("guard_deep", lambda d: d["guards_code"].append("(" * 5000 + "1" + ")" * 5000), "cannot read the guard")
edited("range", lambda d: d["range_constraints"].update(s0={"min_val": 9, "max_val": 3}), "is empty")


def graph(change):
    return lambda document: change(document["graph_module"]["graph"])


def node(change):
    return graph(lambda g: change(g["nodes"][0]))


edited("node_list", graph(lambda g: g.update(nodes={})), "at $.graph_module.graph.nodes: expected an array, found an object")
edited("no_target", node(lambda n: n.pop("target")), "at $.graph_module.graph.nodes[0]: the key 'target' is missing")
edited("target", node(lambda n: n.update(target="torch.ops.")), "is not the name of an operator")
edited("python", node(lambda n: n.update(target="os.system")), "the Python function 'os.system' is not supported")
edited("higher_order", node(lambda n: n.update(target="torch.ops.higher_order.new_one")), "higher-order operator 'new_one' is not supported")
edited("argument", node(lambda n: n["inputs"][0].update(name="nonsense")), "has no argument 'nonsense'")
edited("no_argument", node(lambda n: n["inputs"].clear()), "lacks its argument")
edited("value", node(lambda n: n["inputs"][0].update(arg={"as_tensor": {"name": "nowhere"}})), "there is no value 'nowhere'")
edited("tag", node(lambda n: n["inputs"][0].update(arg={"as_tensor": {}, "as_int": 1})), "expected an object with one member")
edited("redefined", graph(lambda g: g["nodes"].append(g["nodes"][0])), "is defined twice")
edited("outputs", graph(lambda g: g["outputs"].pop()), "its signature has")
edited("inputs", graph(lambda g: g["inputs"].pop()), "its signature has")
edited("size", graph(lambda g: g["tensor_values"]["x"]["sizes"][0].update(as_expr={"expr_str": "Add(Symbol("}) or g["tensor_values"]["x"]["sizes"][0].pop("as_int", 0)), "cannot read the size expression")
edited("size_deep", graph(lambda g: g["tensor_values"]["x"].update(sizes=[{"as_expr": {"expr_str": "Add(" * 9999}}])), "cannot read the size expression")
edited("spec", lambda d: d["graph_module"]["module_call_graph"][0]["signature"].update(in_spec="[1, {}]"), "cannot read the pytree")
edited("leaves", lambda d: d["graph_module"]["module_call_graph"][0]["signature"].update(out_spec=json.dumps([1, {"type": None, "context": None, "children_spec": []}])), "out_spec has 1 leaves")
edited("mutation", lambda d: d["graph_module"]["signature"]["output_specs"][0]["buffer_mutation"].update(buffer_name="ghost"), "the archive has no tensor 'ghost'")

# Random damage: any answer but a crash.
random.seed(7)
for trial in range(20):
    data = bytearray(original)
    for _ in range(8):
        data[random.randrange(len(data))] = random.randrange(256)
    path = f"{folder}/random.pt2"
    with open(path, "wb") as file:
        file.write(data)
    process, _ = run(path)
    cases += 1
    if process.returncode not in (0, 1):
        failures += 1
        print(f"random damage {trial}: exit code {process.returncode}", file=sys.stderr)
print(f"{cases} cases, {failures} failures")
sys.exit(failures != 0)
