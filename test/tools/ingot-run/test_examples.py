#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The example programs on libraries made by hand: test_examples.py CALL_C CALL_CPP SIMILARITY LIBRARY.so ENCODER.so"""
import os
import subprocess
import sys
import tempfile
import unittest

CALL_C, CALL_CPP, SIMILARITY, LIBRARY, ENCODER = sys.argv[1:6]


def call(*args):
    p = subprocess.run(args, capture_output=True, text=True, timeout=60)
    return p.returncode, p.stdout, p.stderr


class Examples(unittest.TestCase):
    def similarity(self, a, b):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, "a.txt"), os.path.join(folder, "b.txt")]
            for path, text in zip(paths, (a, b)):
                with open(path, "w") as f:
                    f.write(text)
            return call(SIMILARITY, ENCODER, *paths)

    def test_similarity(self):
        self.assertEqual(self.similarity("0 1 2\n", "4 5 6"), (0, "1.000000\n", ""))
        self.assertEqual(self.similarity("0", "1"), (0, "0.000000\n", ""))
        self.assertEqual(self.similarity("0 1", "0"), (0, "0.707107\n", ""))

    def test_similarity_errors(self):
        self.assertIn("token ids are expected", self.similarity("", "1")[2])
        self.assertIn("token ids are expected", self.similarity("1 two", "1")[2])
        self.assertEqual(call(SIMILARITY, ENCODER, "none.txt", "none.txt")[0], 1)
        self.assertEqual(call(SIMILARITY, "./none.so", "none.txt", "none.txt")[0], 1)
        self.assertEqual(call(SIMILARITY)[0], 2)

    def test_call_c(self):
        rc, out, err = call(CALL_C, LIBRARY, "2", "4")
        self.assertEqual((rc, out), (1, ""))
        self.assertIn("input 'x'", err)
        self.assertEqual(call(CALL_C)[0], 2)

    def test_call_cpp(self):
        self.assertEqual(call(CALL_CPP, LIBRARY), (0, "out[0]: 2 3 elements of float32\nout[1]: 1 3 elements of float32\n"
                                                      "out[2]: 2 3 elements of float32\n", ""))
        rc, out, err = call(CALL_CPP, ENCODER)
        self.assertEqual((rc, out, err), (1, "", "input 'ids' is no float32 tensor\n"))
        self.assertIn("cannot open the library", call(CALL_CPP, "./none.so")[2])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[6:])
