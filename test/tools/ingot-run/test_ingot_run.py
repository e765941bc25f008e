#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ingot-run against a library made by hand (library.c): test_ingot_run.py INGOT_RUN LIBRARY.so [unittest options]"""
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

TOOL, LIBRARY = sys.argv[1:3]


def npy(path, values, shape, descr="<f4", code="f", order=False, version=1, cut=0, header=None):
    h = header or f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {tuple(shape)!r}, }}"
    h = h + " " * (-(len(h) + 11) % 64) + "\n"
    size = struct.pack("<H" if version == 1 else "<I", len(h))
    data = b"\x93NUMPY" + bytes([version, 0]) + size + h.encode() + struct.pack(f"<{len(values)}{code}", *values)
    with open(path, "wb") as f:
        f.write(data[: len(data) - cut])


class Case:
    """Writes a case folder."""

    def __init__(self, folder, **fields):
        self.folder, self.data, self.n = folder, bytearray(), 0
        self.fields = {"format": 1, "method": "forward", "args": [], "kwargs": {}, "raises": None, "outputs": None,
                       "args_after": None, "random": [], **fields}

    def tensor(self, values, shape, strides=None, offset=0, dtype="float32", code="f", **more):
        self.data += b"\0" * (-len(self.data) % 16)
        payload = struct.pack(f"<{len(values)}{code}", *values)
        if strides is None:
            strides = [1] * len(shape)
            for d in reversed(range(len(shape) - 1)):
                strides[d] = strides[d + 1] * max(shape[d + 1], 1)
        node = {"t": "tensor", "dtype": dtype, "shape": list(shape), "strides": strides, "storage_offset": offset,
                "requires_grad": False, "n": self.n, "offset": len(self.data), "nbytes": len(payload), **more}
        self.data += payload
        self.n += 1
        return node

    def write(self):
        with open(os.path.join(self.folder, "case.json"), "w") as f:
            json.dump(self.fields, f)
        with open(os.path.join(self.folder, "data.bin"), "wb") as f:
            f.write(self.data)
        return self.folder


class IngotRun(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def call(self, *args, rc=0, library=LIBRARY):
        p = subprocess.run([TOOL, library, *args], capture_output=True, text=True, timeout=60)
        self.assertEqual(p.returncode, rc, p.stderr)
        if rc:
            self.assertEqual(len(p.stderr.splitlines()), 1, p.stderr)
            self.assertTrue(p.stderr.startswith("ingot-run: "), p.stderr)
        return p.stderr if rc else p.stdout

    def fails(self, text, *args, rc=1, library=LIBRARY):
        self.assertIn(text, self.call(*args, rc=rc, library=library))

    def out(self, *args):
        self.call(*args, "--out", self.path("out"))
        with open(self.path("out/out.json")) as f:
            answer = json.load(f)
        with open(self.path("out/out.bin"), "rb") as f:
            return answer, f.read()

    def floats(self, node, data):
        return list(struct.unpack_from(f"<{node['nbytes'] // 4}f", data, node["offset"]))

    def case(self, **fields):
        return Case(self.folder, **fields)

    # -- signature ---------------------------------------------------------------------------------------------------

    def test_signature_text(self):
        text = self.call("--signature")
        self.assertIn("method forward\n  x: f32[N,3]\n  -> {\"y\": f32[N,3], \"tail\": f32[?,3], \"same\": f32[N,3]}\n"
                      "  sizes: N 0..1000\n", text)
        self.assertIn("  x: f32[?] (changed by the call)\n  by: int = 1", text)
        self.assertIn("state counter: i64[] (mutable)\n", text)

    def test_signature_json(self):
        s = json.loads(self.call("--signature", "--json"))
        self.assertEqual([m["name"] for m in s["methods"]], ["forward", "grow", "count", "kinds"])
        self.assertEqual(s["methods"][0]["inputs"], [{"name": "x", "type": {"t": "tensor", "dtype": "float32",
                         "shape": ["N", 3]}, "optional": False, "mutated": False}])
        self.assertEqual(s["methods"][0]["symbols"], [{"name": "N", "min": 0, "max": 1000}])
        by = s["methods"][1]["inputs"][1]
        self.assertEqual((by["type"], by["default"], by["optional"]), ({"t": "int"}, {"t": "int", "v": 1}, True))
        self.assertEqual(s["state"], [{"name": "counter", "dtype": "int64", "shape": [], "mutable": True,
                                       "parameter": False}])

    # -- --input -----------------------------------------------------------------------------------------------------

    def test_npy(self):
        npy(self.path("x.npy"), [0, 1, 2, 3, 4, 5], (2, 3))
        answer, data = self.out("--input", "x=" + self.path("x.npy"))
        y, tail, same = [entry[1] for entry in answer["outputs"]["v"]]
        self.assertEqual(self.floats(y, data), [1, 3, 5, 7, 9, 11])
        self.assertEqual(self.floats(tail, data), [3, 4, 5])
        self.assertEqual((y["n"], y.get("shares"), y["strides"], y["storage_offset"]), (1, None, [3, 1], 0))
        self.assertEqual((tail["n"], tail["shares"], tail["storage_offset"]), (2, 0, 3))
        self.assertNotIn("same", tail)
        self.assertEqual((same["n"], same["same"], same["shares"]), (3, 0, 0))
        self.assertNotIn("args_after", answer)

    def test_npy_fortran(self):
        npy(self.path("x.npy"), [0, 3, 1, 4, 2, 5], (2, 3), order=True, version=2)
        answer, data = self.out("--input", "0=" + self.path("x.npy"))
        self.assertEqual(self.floats(answer["outputs"]["v"][0][1], data), [1, 3, 5, 7, 9, 11])
        self.assertEqual(answer["outputs"]["v"][1][1]["strides"], [1, 2])

    def test_random_is_repeatable(self):
        first = self.out("--input", "x=rand:f32[4,3]")
        self.assertEqual(first, self.out("--input", "x=rand:float32[4,3]"))
        values = self.floats(first[0]["outputs"]["v"][2][1], first[1])
        self.assertTrue(all(0 <= v < 1 for v in values) and len(set(values)) == 12)

    def test_empty(self):
        answer, data = self.out("--input", "x=rand:f32[0,3]")
        self.assertEqual([e[1]["shape"] for e in answer["outputs"]["v"]], [[0, 3]] * 3)

    def test_text_output(self):
        npy(self.path("x.npy"), [0, 1, 2], (1, 3))
        self.assertEqual(self.call("--input", "x=" + self.path("x.npy")),
                         "out['y']: f32[1,3]  1 3 5\nout['tail']: f32[0,3]\nout['same']: f32[1,3]  0 1 2\n")
        self.assertEqual(self.call("--method", "count"), "out: 41\n")

    def test_print_and_mutation(self):
        npy(self.path("x.npy"), [1, 2], (2,))
        answer, data = self.out("--method", "grow", "--input", "x=" + self.path("x.npy"), "--input", "by=int:5")
        self.assertEqual(answer["stdout"], "growing\n")
        after = answer["args_after"]["kwargs"]["x"]
        self.assertEqual((after["n"], self.floats(after, data)), (0, [6, 7]))
        self.assertEqual((answer["outputs"]["n"], answer["outputs"]["same"]), (1, 0))
        self.assertIn("growing\nout: f32[2]  2 3\n",
                      self.call("--method", "grow", "--input", "x=" + self.path("x.npy")))

    def test_state(self):
        answer, data = self.out("--method", "count")
        self.assertEqual(answer["outputs"], {"t": "int", "v": 41})
        counter = answer["state_after"]["counter"]
        self.assertEqual((counter["dtype"], counter["shape"]), ("int64", []))
        self.assertEqual(struct.unpack_from("<q", data, counter["offset"])[0], 41)

    # -- cases -------------------------------------------------------------------------------------------------------

    def test_case_strides_and_sharing(self):
        c = self.case(method="kinds")
        a = c.tensor([1, 3], [2], strides=[2], offset=1)
        b = c.tensor([2, 3], [2], strides=[1], offset=2, shares=0)
        c.fields["args"] = [{"t": "bool", "v": True}, {"t": "float", "v": 0.25, "bits": "3fd0000000000000"},
                            {"t": "tuple", "v": [a, b]}]
        answer, data = self.out("--case", c.write())
        f, n, none, items = answer["outputs"]["v"]
        self.assertEqual((f["v"], f["bits"], n["v"], none["t"], items["t"]), (0.25, "3fd0000000000000", 2, "none", "list"))
        self.assertEqual(self.floats(items["v"][0], data), [3, 6])

    def test_case_shared_storage_is_really_shared(self):
        c = self.case(method="grow")
        x = c.tensor([1, 2], [2])
        c.fields["kwargs"] = {"x": x}
        answer, data = self.out("--case", self.path("") and c.write())
        self.assertEqual(self.floats(answer["args_after"]["kwargs"]["x"], data), [2, 3])

    def test_case_by_file_and_dunder_call(self):
        c = self.case(method="__call__")
        c.fields["args"] = [c.tensor([0, 1, 2], [1, 3])]
        c.write()
        answer, data = self.out("--case", self.path("case.json"))
        self.assertEqual(self.floats(answer["outputs"]["v"][0][1], data), [1, 3, 5])

    def check(self, y, **fields):
        c = self.case(**fields)
        x = c.tensor([0, 1, 2], [1, 3])
        c.fields["args"] = [x]
        text = lambda v: {"t": "str", "v": v}
        c.fields["outputs"] = {"t": "dict", "v": [
            [text("y"), c.tensor(y, [1, 3])], [text("tail"), c.tensor([], [0, 3], shares=0, offset=3)],
            [text("same"), c.tensor([0, 1, 2], [1, 3], same=0, shares=0)]]}
        return c

    def test_check(self):
        self.assertEqual(self.call("--case", self.check([1, 3, 5]).write(), "--check"), "check passed\n")
        self.call("--case", self.check([1, 3, 5.000001]).write(), "--check")

    def test_check_fails(self):
        self.fails("out[\"y\"]: values differ in 1 of 3 elements, largest 0.01, first at element 2: 5.01", "--case",
                   self.check([1, 3, 5.01]).write(), "--check")
        c = self.check([1, 3, 5])
        c.fields["outputs"]["v"][0][1]["same"] = 0
        self.fails("storage not shared: out[0].1 with arg0", "--case", c.write(), "--check")
        c = self.check([1, 3, 5], stdout="moo\n")
        self.fails("stdout \"moo\\n\" expected, got nothing", "--case", c.write(), "--check")
        c = self.check([1, 3, 5], raises={"type": "ValueError", "last": "x", "at": "run"})
        self.fails("did not raise ValueError", "--case", c.write(), "--check")
        c = self.case(method="count", outputs={"t": "int", "v": 42})
        self.fails("out: 42 expected, got 41", "--case", c.write(), "--check")

    def test_raises_is_a_result(self):
        c = self.case(method="grow")
        c.fields["args"] = [c.tensor([1], [1]), {"t": "int", "v": -3}]
        answer, _ = self.out("--case", c.write())
        self.assertEqual(answer, {"raises": {"type": "ValueError", "message": "cannot grow by -3",
                                             "where": "model.py:12", "at": "run"}, "stdout": "growing\n"})
        self.fails("model.py:12: ValueError: cannot grow by -3", "--case", self.folder)
        c.fields["raises"] = {"type": "ValueError", "message": "...", "last": "ValueError: cannot grow by -3", "at": "run"}
        c.fields["stdout"] = "growing\n"
        self.call("--case", c.write(), "--check")
        c.fields["raises"]["last"] = "ValueError: other"
        self.fails("'other' expected", "--case", c.write(), "--check")

    def test_refused_arguments_are_a_result(self):
        for args, kwargs, text in (
                (2, {}, "expected at most 1 argument(s) but received 2"),
                (1, {"z": {"t": "none"}}, "unknown keyword argument 'z'"),
                (1, {"x": {"t": "none"}}, "several values for argument 'x'"),
                (0, {}, "missing value for argument 'x'")):
            c = self.case(kwargs=kwargs)
            c.fields["args"] = [c.tensor([0, 1, 2], [1, 3]) for _ in range(args)]
            answer, _ = self.out("--case", c.write())
            self.assertIn(text, answer["raises"]["message"])
            self.assertEqual(answer["raises"]["at"], "arguments")
            self.fails(text, "--case", self.folder)
        for shape, dtype in (([2], "float32"), ([1, 4], "float32"), ([1, 3], "int32")):
            c = self.case()
            c.fields["args"] = [c.tensor([1] * (4 if 4 in shape else 3 if 3 in shape else 2), shape, dtype=dtype,
                                         code="f" if dtype == "float32" else "i")]
            answer, _ = self.out("--case", c.write())
            self.assertEqual(answer["raises"]["at"], "arguments")
            self.assertIn("x", answer["raises"]["message"])
        c = self.case(args=[{"t": "list", "v": []}])
        self.assertEqual(self.out("--case", c.write())[0]["raises"]["at"], "arguments")

    def test_damaged_cases(self):
        def broken(text, change, **node):
            c = self.case()
            x = c.tensor([0, 1, 2], [1, 3])
            x.update(node)
            c.fields["args"] = [x]
            change(c)
            self.fails(text, "--case", c.write(), "--out", self.path("out"))
            self.assertFalse(os.path.exists(self.path("out/out.json")))
        none = lambda c: None
        broken("is not in data.bin", none, offset=8)
        broken("is not in data.bin", none, nbytes=16)
        broken("is not in data.bin", none, offset=-16)
        broken("negative size", none, shape=[-1, 3])
        broken("negative stride", none, strides=[-3, 1])
        broken("strides reach too far", none, strides=[3, 2 ** 62])
        broken("too large", none, shape=[2 ** 40, 2 ** 40])
        broken("2 sizes and 1 strides", none, strides=[1])
        broken("negative storage_offset", none, storage_offset=-1)
        broken("bad number", none, n=2 ** 63 - 1)
        broken("bad shape", none, shape=["a", 3])
        broken("dtype 'float5'", none, dtype="float5")
        broken("layout \"sparse_coo\"", none, layout="sparse_coo")
        broken("which does not come before it", none, shares=4)
        broken("of the kind 'future'", lambda c: c.fields["args"].insert(0, {"t": "future", "v": {"t": "none"}}))
        broken("has no \"v\"", lambda c: c.fields["args"].insert(0, {"t": "int"}))
        broken("bad \"v\"", lambda c: c.fields["args"].insert(0, {"t": "int", "v": "x"}))
        broken("args is a list", lambda c: c.fields.update(args={}))
        broken("case format 7", lambda c: c.fields.update(format=7))
        with open(self.path("case.json"), "w") as f:
            f.write("{\"args\": [")
        self.fails("is not JSON", "--case", self.folder)
        with open(self.path("case.json"), "w") as f:
            f.write("[" * 100000)
        self.fails("nested too deeply", "--case", self.folder)
        self.fails("cannot open", "--case", self.path("none"))

    # -- timing ------------------------------------------------------------------------------------------------------

    def test_timing_json(self):
        c = self.case()
        c.fields["args"] = [c.tensor([0, 1, 2], [1, 3])]
        c.write()
        t = json.loads(self.call("--case", self.folder, "--json", "--repeat", "5", "--warmup", "2", "--threads", "1"))
        self.assertEqual(sorted(t), ["cpu", "first_s", "load_s", "ns", "peak_rss_kb"])
        self.assertEqual((len(t["ns"]), len(t["cpu"])), (5, 5))
        self.assertTrue(all(isinstance(v, int) and v >= 0 for v in t["ns"] + t["cpu"]))
        t = json.loads(self.call("--case", self.folder, "--json", "--repeat", "100000000", "--min-time", "0.05"))
        self.assertGreater(len(t["ns"]), 2)
        t = json.loads(self.call("--case", self.folder, "--json", "--repeat", "100", "--min-time", "0"))
        self.assertEqual(len(t["ns"]), 2)
        t = json.loads(self.call("--case", self.folder, "--json", "--repeat", "1", "--min-time", "0", "--out",
                                 self.path("out")))
        self.assertEqual(len(t["ns"]), 1)
        self.assertTrue(os.path.exists(self.path("out/out.json")))
        self.assertEqual(json.loads(self.call("--case", self.folder, "--json"))["ns"], [])
        self.assertIn("5 calls: median", self.call("--case", self.folder, "--repeat", "5"))

    def test_first_call_is_recorded(self):
        answer, data = self.out("--method", "count", "--json", "--repeat", "7")
        self.assertEqual(answer["outputs"]["v"], 41)

    # -- mistakes ----------------------------------------------------------------------------------------------------

    def test_wrong_usage(self):
        for args in (["--bogus"], ["--case"], ["--repeat", "0"], ["--repeat", "x"], ["--threads", "0"],
                     ["--min-time", "-1"], ["--input", "x"], ["--check"], ["--warmup", "3"], ["second.so"],
                     ["--case", "a", "--input", "x=int:1"], ["--signature", "--case", "a"], ["--json=1"]):
            self.fails("--help", *args, rc=2)
        self.assertEqual(subprocess.run([TOOL], capture_output=True).returncode, 2)

    def test_help(self):
        self.assertIn("--min-time", self.call("--help"))
        self.assertRegex(self.call("--version"), r"^ingot-run \d")

    def test_bad_libraries(self):
        self.fails("cannot open", "--signature", library=self.path("none.so"))
        self.fails("not a file", "--signature", library=self.folder)
        with open(self.path("text.so"), "w") as f:
            f.write("hello, this is no library")
        self.fails("not an ELF file", "--signature", library=self.path("text.so"))
        with open(LIBRARY, "rb") as f, open(self.path("cut.so"), "wb") as g:
            g.write(f.read(200))
        self.fails("is truncated: it has 200 bytes", "--signature", library=self.path("cut.so"))
        self.fails("", "--signature", library=os.path.realpath(TOOL))

    def test_bad_inputs(self):
        x = self.path("x.npy")
        bad = lambda text, **how: (npy(x, [0, 1, 2], **{"shape": (1, 3), **how}), self.fails(text, "--input", "x=" + x))
        bad("ends within its data", cut=4)
        bad("ends within its header", cut=80)
        bad("big-endian", descr=">f4")
        bad("unsupported type", descr="<M8")
        bad("bad header", header="{'descr': '<f4', 'fortran_order': False}")
        bad("bad header", header="{'descr': '<f4', 'fortran_order': Maybe, 'shape': (3,)}")
        bad("bad header", header="{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}")
        bad("holds records", header="{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}")
        bad("too large", shape=(1 << 62, 3))
        bad("ends within its data", shape=(1 << 30, 3))
        bad("version 9", version=9)
        bad("x", shape=(3,))
        with open(x, "w") as f:
            f.write("text")
        self.fails("no array in NumPy's format", "--input", "x=" + x)
        for value, text in (("nothing.npy", "is no file"), ("rand:f32", "expected DTYPE[SIZE"), ("rand:f9[1]", "unknown dtype"),
                            ("rand:f32[1,-3]", "expected DTYPE"), ("rand:f32[99999999999999,99999999]", "too large"),
                            ("int:x", "whole number"), ("int:99999999999999999999", "whole number"),
                            ("float:a", "a number"), ("bool:2", "bool:true"), ("rand:i32[1,3]", "x")):
            self.fails(text, "--input", "x=" + value)
        self.fails("has no input 'z'; its inputs: 'x'", "--input", "z=int:1")
        self.fails("has no input '1'", "--input", "1=int:1")
        self.fails("given twice", "--input", "x=int:1", "--input", "0=int:1")
        self.fails("input 'x' of method 'forward' is missing: --input x=... of type f32[N,3]")
        self.fails("other", "--method", "other")

    def test_bad_out(self):
        with open(self.path("file"), "w"):
            pass
        self.fails("cannot make the folder", "--method", "count", "--out", self.path("file"))
        self.fails("cannot make the folder", "--method", "count", "--out", self.path("file/below"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[3:])
