//===- Weights.h - weights and mutable state --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// script.weight becomes graph.weight: one per storage and view, named by its
// first place in the instance. Bytes stay in the file when they are dense in
// some order of dimensions (a permute then stands after the load), else they are
// gathered. A weight that some method writes is state.
#ifndef INGOT_CONVERSION_SCRIPTTOGRAPH_WEIGHTS_H
#define INGOT_CONVERSION_SCRIPTTOGRAPH_WEIGHTS_H

#include "GraphBuilder.h"
#include "dialects/Script/Script.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <set>

namespace ingot::eval {

class WeightTable {
public:
  WeightTable(mlir::ModuleOp script, mlir::ModuleOp graph);

  /// Whether script.instance is being evaluated: its objects outlive calls.
  bool inInstance = false;

  /// Names weights by their paths from the root object.
  void nameFrom(const AV &root);
  AV get(script::WeightOp op, GraphBuilder &b);
  /// Value of a weight's storage at the start of the method.
  Value load(Storage &storage, GraphBuilder &b);
  /// Stores what the method has written. Returns whether a weight became state
  /// only now: methods that were built before have to be built again.
  bool storeAll(GraphBuilder &b, llvm::function_ref<void(mlir::Location, const llvm::Twine &)> refuse);
  /// Stores the random generator where the method has drawn.
  void storeGenerator(GraphBuilder &b);
  /// A state of the instance that no weight of the program stands for.
  void declareState(llvm::StringRef name, mlir::DenseElementsAttr first, mlir::Location loc);
  /// Forgets values and writes of the last method.
  void beginMethod();

  /// Whether a tensor attribute may be kept where the weight of its first value
  /// is: of one form, and no other attribute's.
  bool canReplace(const AV &first, const AV &now) const;
  void makeState(const AV &first);
  /// Stores another tensor as the attribute's value.
  bool replace(GraphBuilder &b, const AV &first, const AV &now);

  struct AttributeWrite {
    mlir::Location loc;
    std::shared_ptr<InstanceObject> object;
    std::string name;
  };
  std::vector<AttributeWrite> attributeWrites;

private:
  struct Entry {
    script::WeightOp op;
    std::string name;            // qualified name
    std::string symbol;          // of the graph.weight, once made
    mlir::RankedTensorType type; // of the bytes: dimensions in memory order
    Dims permutation;            // from memory order to the tensor's
    bool gathered = false;       // bytes are not dense: copied
    bool parameter = false, constant = true;
    bool shared = false;            // another view of the storage exists
    unsigned references = 0;        // attributes that have it
    bool replaced = false;          // by another tensor, in the present method
    std::shared_ptr<ViewNode> node; // in the present method
    AV::Kind unused = AV::Kind::None;
  };

  mlir::ModuleOp script, graph;
  std::map<std::string, Entry> entries;  // by storage and view
  std::map<std::string, unsigned> views; // of a storage
  std::set<std::string> states;          // entry keys
  llvm::StringMap<std::string> keyOfStorage;
  std::set<std::string> usedNames;
  std::set<const void *> seen;

  static std::string keyOf(script::WeightOp op);
  Entry &entry(script::WeightOp op);
  void name(const AV &value, const std::string &path, bool parameter, bool buffer);
  std::optional<std::vector<char>> bytes(Entry &e, mlir::Location loc);
  mlir::Attribute data(Entry &e, mlir::Location loc);
  const std::string &symbolOf(Entry &e, mlir::Location loc);
};

} // namespace ingot::eval

#endif
