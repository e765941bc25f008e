//===- RuntimeCalls.cpp - generated code's side of the ABI ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuntimeCalls.h"

#include "ingot/ABI/artifact.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace ingot;

// Generated code addresses these structs by offset: a target with other sizes
// of pointers would need offsets of its own.
static_assert(sizeof(void *) == 8 && sizeof(ingot_abi_leaf) == 40);

Type RuntimeCalls::ptrType() { return LLVM::LLVMPointerType::get(builder.getContext()); }

Value RuntimeCalls::i64(Location loc, int64_t value) {
  return LLVM::ConstantOp::create(builder, loc, builder.getI64Type(), builder.getI64IntegerAttr(value));
}

Value RuntimeCalls::i32(Location loc, int32_t value) {
  return LLVM::ConstantOp::create(builder, loc, builder.getI32Type(), builder.getI32IntegerAttr(value));
}

Value RuntimeCalls::nullPtr(Location loc) { return LLVM::ZeroOp::create(builder, loc, ptrType()); }

Value RuntimeCalls::at(Location loc, Value base, int64_t bytes) {
  if (!bytes)
    return base;
  assert(bytes <= INT32_MAX);
  return LLVM::GEPOp::create(builder, loc, ptrType(), builder.getI8Type(), base, ArrayRef<LLVM::GEPArg>{int32_t(bytes)},
                             LLVM::GEPNoWrapFlags::inbounds);
}

Value RuntimeCalls::at(Location loc, Value base, Value bytes) {
  return LLVM::GEPOp::create(builder, loc, ptrType(), builder.getI8Type(), base, ArrayRef<LLVM::GEPArg>{bytes});
}

Value RuntimeCalls::load(Location loc, Type type, Value base, int64_t bytes, bool invariant) {
  auto op = LLVM::LoadOp::create(builder, loc, type, at(loc, base, bytes));
  op.setInvariant(invariant);
  return op;
}

void RuntimeCalls::store(Location loc, Value value, Value base, int64_t bytes) {
  LLVM::StoreOp::create(builder, loc, value, at(loc, base, bytes));
}

Value RuntimeCalls::toI64(Location loc, Value value) {
  if (!value.getType().isIndex())
    return value;
  return arith::IndexCastOp::create(builder, loc, i64Type(), value);
}

Value RuntimeCalls::toIndex(Location loc, Value value) {
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(), value);
}

Value RuntimeCalls::tableOf(Location loc, Value call) {
  return load(loc, ptrType(), call, offsetof(ingot_abi_call, runtime), true);
}

Value RuntimeCalls::callTable(Location loc, Value table, size_t offset, Type result, ValueRange args) {
  SmallVector<Type> types(args.getTypes());
  Type returned = result ? result : LLVM::LLVMVoidType::get(builder.getContext());
  auto type = LLVM::LLVMFunctionType::get(returned, types);
  SmallVector<Value> operands{load(loc, ptrType(), table, offset, true)};
  llvm::append_range(operands, args);
  auto call = LLVM::CallOp::create(builder, loc, type, operands);
  return result ? call.getResult() : Value();
}

Value RuntimeCalls::text(Location loc, StringRef value) {
  LLVM::GlobalOp &global = texts[value];
  if (!global) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    std::string name = ("text." + Twine(texts.size() - 1)).str();
    std::string bytes = value.str();
    bytes.push_back('\0');
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), bytes.size());
    global = LLVM::GlobalOp::create(builder, module.getLoc(), type,
                                    /*isConstant=*/true, LLVM::Linkage::Internal, name, builder.getStringAttr(bytes));
    global.setUnnamedAddr(LLVM::UnnamedAddr::Global);
  }
  return LLVM::AddressOfOp::create(builder, loc, global);
}

MemRefParts RuntimeCalls::unpack(Location loc, Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  Value packed = UnrealizedConversionCastOp::create(builder, loc, converter.convertType(type), memref).getResult(0);
  MemRefDescriptor descriptor(packed);
  auto [strides, offset] = type.getStridesAndOffset();
  MemRefParts parts;
  parts.allocated = descriptor.allocatedPtr(builder, loc);
  parts.aligned = descriptor.alignedPtr(builder, loc);
  parts.offset = ShapedType::isDynamic(offset) ? descriptor.offset(builder, loc) : i64(loc, offset);
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    parts.sizes.push_back(ShapedType::isDynamic(size) ? descriptor.size(builder, loc, i) : i64(loc, size));
  for (auto [i, stride] : llvm::enumerate(strides))
    parts.strides.push_back(ShapedType::isDynamic(stride) ? descriptor.stride(builder, loc, i) : i64(loc, stride));
  return parts;
}

Value RuntimeCalls::pack(Location loc, MemRefType type, const MemRefParts &parts) {
  Type packedType = converter.convertType(type);
  auto descriptor = MemRefDescriptor::poison(builder, loc, packedType);
  descriptor.setAllocatedPtr(builder, loc, parts.allocated);
  descriptor.setAlignedPtr(builder, loc, parts.aligned);
  descriptor.setOffset(builder, loc, parts.offset);
  for (auto [i, size] : llvm::enumerate(parts.sizes))
    descriptor.setSize(builder, loc, i, size);
  for (auto [i, stride] : llvm::enumerate(parts.strides))
    descriptor.setStride(builder, loc, i, stride);
  return UnrealizedConversionCastOp::create(builder, loc, type, Value(descriptor)).getResult(0);
}

SmallVector<Value> RuntimeCalls::denseStrides(Location loc, MemRefType type, ValueRange sizes) {
  SmallVector<Value> strides(sizes.size());
  auto [known, offset] = type.getStridesAndOffset();
  Value running;
  for (int64_t i = int64_t(sizes.size()) - 1; i >= 0; --i) {
    if (!running)
      strides[i] = i64(loc, 1);
    else
      strides[i] = ShapedType::isDynamic(known[i]) ? running : i64(loc, known[i]);
    running = LLVM::MulOp::create(builder, loc, strides[i], sizes[i]);
  }
  return strides;
}

Value RuntimeCalls::dataPtr(Location loc, MemRefType type, const MemRefParts &parts) {
  auto [strides, offset] = type.getStridesAndOffset();
  if (offset == 0)
    return parts.aligned;
  Value bytes = LLVM::MulOp::create(builder, loc, parts.offset, i64(loc, elementBytes(type.getElementType())));
  return at(loc, parts.aligned, bytes);
}

int64_t RuntimeCalls::elementBytes(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * elementBytes(complex.getElementType());
  if (type.isIndex())
    return 8;
  return (type.getIntOrFloatBitWidth() + 7) / 8;
}
