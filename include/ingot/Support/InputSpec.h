//===- InputSpec.h - types of a method's inputs -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the user says about a method's inputs (`--input x=f32[?,3,N]`, a
// case.json, sample inputs), as data. Parsing stands in lib/Driver; the only
// reader is the normalize phase.
#ifndef INGOT_SUPPORT_INPUTSPEC_H
#define INGOT_SUPPORT_INPUTSPEC_H

#include <cstdint>
#include <string>
#include <vector>

namespace ingot {

/// One size of a tensor: fixed (`size` >= 0), a named symbol (`symbol`; equal
/// names are equal sizes within a method) or `?` (both empty).
struct DimSpec {
  int64_t size = -1;
  std::string symbol;
  /// Of `?` in a recorded call: the size it had there. The library serves others too; what
  /// must be decided while compiling is decided for this one.
  int64_t recorded = -1;

  bool isFixed() const { return size >= 0; }
  bool isAny() const { return size < 0 && symbol.empty(); }
};

struct TypeSpec {
  enum class Kind {
    Tensor,   // dtype, dims
    Int,      // i64
    Float,    // f64
    Bool,     // bool
    Complex,  // complex
    Str,      // str
    None,     // None
    Device,   // device
    DType,    // dtype, layout, memory_format: an int at run time
    List,     // children: one an element
    Tuple,    // children: one an element; `names`: a namedtuple's fields
    Dict,     // children: one a value; `names`: the keys as text
    Object,   // children: one an attribute; `names`: the attributes
    Optional, // children[0]: the type when it is not None
    Enum,     // names[0]: the member's name
    Union,    // children: the types it may be, all of different kinds
    Future,   // children[0]: its value, which is there: at run time it stands for both
    Await,    // the same
    Unknown,  // said nothing about, or a type that no program of ours takes
  };

  Kind kind = Kind::Unknown;
  /// torch ScalarType code of a tensor; -1 when not given.
  int64_t dtype = -1;
  /// Sizes of a tensor.
  std::vector<DimSpec> dims;
  std::vector<TypeSpec> children;
  std::vector<std::string> names;
  /// Whether a dict's key is an int (`d[3]`) and not a string.
  bool intKeys = false;
  /// `l[*]=T`: any number of children of the type children[0].
  bool anyLength = false;
  /// Of a tensor in a recorded call: its `requires_grad`.
  bool requiresGrad = false;
  /// Class of an object, an enum or a namedtuple; empty when not given.
  std::string className;
};

/// One `--input [METHOD:]PATH=TYPE`. `path` is as the user wrote it: "x",
/// "d['a'][0]", "o.attr"; its first name is an argument of the method. A spec
/// from a case.json has one entry per argument, with the whole tree as type;
/// arguments without a name are given by position, "#0", "#1".
struct InputSpec {
  /// Empty: of the one method that is compiled, or of `forward`.
  std::string method;
  std::string path;
  TypeSpec type;
  /// Of a recorded call, one of many that the library is to serve: it says which
  /// dtypes and ranks come, not how long a list is; and where it contradicts the
  /// program, the call raises.
  bool recorded = false;
  /// Of a recorded call: whether gradients were on (torch.is_grad_enabled()).
  bool gradients = true;
};

} // namespace ingot

#endif
