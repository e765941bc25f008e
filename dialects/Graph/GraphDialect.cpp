//===- GraphDialect.cpp - the graph dialect, types, attributes --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/Graph/Graph.h"

#include "dialects/Graph/SizeExpressions.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::graph;

#include "dialects/Graph/GraphDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Graph/GraphTypes.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Graph/GraphAttrs.cpp.inc"

void GraphDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Graph/GraphTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Graph/GraphAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Graph/GraphOps.cpp.inc"
      >();
}

LogicalResult SizesAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                                        llvm::function_ref<InFlightDiagnostic()> emitError) const {
  AffineMap map = getMap();
  if (map.getNumResults() != shape.size())
    return emitError() << "#graph.sizes has " << map.getNumResults() << " sizes for a tensor of rank " << shape.size();
  if (map.getNumDims())
    return emitError() << "#graph.sizes takes symbols only, no dimensions";
  for (auto [size, expr] : llvm::zip(shape, map.getResults())) {
    auto constant = dyn_cast<AffineConstantExpr>(expr);
    if (ShapedType::isDynamic(size) != !constant || (constant && constant.getValue() != size))
      return emitError() << "#graph.sizes " << AffineMapAttr::get(map) << " contradicts the type's "
                         << (ShapedType::isDynamic(size) ? "?" : std::to_string(size));
  }
  return success();
}

RankedTensorType graph::getTensorType(ArrayRef<AffineExpr> sizes, Type elementType) {
  MLIRContext *context = elementType.getContext();
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> exprs;
  bool dynamic = false;
  for (AffineExpr size : sizes) {
    AffineExpr simple = simplifySize(size);
    exprs.push_back(simple);
    auto constant = dyn_cast<AffineConstantExpr>(simple);
    shape.push_back(constant ? constant.getValue() : ShapedType::kDynamic);
    dynamic |= !constant;
  }
  if (!dynamic)
    return RankedTensorType::get(shape, elementType);
  // As many symbols as are used, so that equal sizes give equal types.
  AffineMap map = AffineMap::get(0, countSymbols(exprs), exprs, context);
  return RankedTensorType::get(shape, elementType, SizesAttr::get(context, map));
}

SmallVector<AffineExpr> graph::getSizes(RankedTensorType type) {
  if (auto encoding = dyn_cast_or_null<SizesAttr>(type.getEncoding()))
    return llvm::to_vector(encoding.getMap().getResults());
  SmallVector<AffineExpr> sizes;
  for (int64_t size : type.getShape())
    sizes.push_back(ShapedType::isDynamic(size) ? AffineExpr() : getAffineConstantExpr(size, type.getContext()));
  return sizes;
}

bool graph::sameSizes(RankedTensorType a, RankedTensorType b) {
  if (a.getRank() != b.getRank())
    return false;
  for (auto [x, y] : llvm::zip(getSizes(a), getSizes(b)))
    if (!x || x != y)
      return false;
  return true;
}
