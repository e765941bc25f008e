# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lit's configuration; the build's facts come from lit.site.cfg.py."""
import os

import lit.formats

config.name = "Ingot"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".py", ".test"]
# These run by ctest, not by lit.
config.excludes = ["fuzz", "lit.cfg.py", "e2e", "runtime", "bench", "python", "Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.ingot_build, "test", "lit")
config.environment["PATH"] = os.pathsep.join([
    os.path.join(config.ingot_build, "bin"), os.path.join(config.llvm_prefix, "bin"),
    config.environment.get("PATH", os.environ["PATH"])])
config.substitutions.append(("%python", config.python))
if config.has_torch:
    config.available_features.add("torch")
