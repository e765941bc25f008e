//===- Descriptor.cpp - the tables that describe a library ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Signatures, states and entry points as constants of LLVM IR, laid out as
// include/ingot/ABI/artifact.h says. The struct types below mirror it field by
// field; the static_asserts hold the sizes.
#include "TargetMachine.h"

#include "dialects/Graph/Graph.h"
#include "ingot/ABI/artifact.h"
#include "ingot/Support/DType.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace ingot;

static_assert(sizeof(ingot_abi_type) == 72 && sizeof(ingot_abi_input) == 24 && sizeof(ingot_abi_symbol) == 24 &&
              sizeof(ingot_abi_method) == 56 && sizeof(ingot_abi_state) == 48 && sizeof(ingot_abi_artifact) == 120);

namespace {

class Tables {
public:
  Tables(llvm::LLVMContext &context)
      : module("ingot", context), ptr(llvm::PointerType::getUnqual(context)), i32(llvm::Type::getInt32Ty(context)),
        i64(llvm::Type::getInt64Ty(context)), f64(llvm::Type::getDoubleTy(context)) {}

  llvm::Module module;

  LogicalResult build(ModuleOp source, ArrayRef<CpuVariant> variants, const DescriptorOptions &options);

private:
  using Constant = llvm::Constant;
  Constant *number(int64_t value) { return llvm::ConstantInt::getSigned(i64, value); }
  Constant *small(int64_t value) { return llvm::ConstantInt::getSigned(i32, value); }
  Constant *null() { return llvm::ConstantPointerNull::get(ptr); }
  Constant *structure(ArrayRef<Constant *> fields) { return llvm::ConstantStruct::getAnon(fields); }
  /// A hidden array of constants, or null when it is empty.
  Constant *array(llvm::Type *type, ArrayRef<Constant *> elements) {
    if (elements.empty())
      return null();
    auto *arrayType = llvm::ArrayType::get(type, elements.size());
    return global(llvm::ConstantArray::get(arrayType, elements));
  }
  Constant *global(Constant *value) {
    auto *made = new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::PrivateLinkage, value);
    made->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
    return made;
  }
  Constant *text(StringRef value) {
    Constant *&known = texts[value];
    if (!known)
      known = global(llvm::ConstantDataArray::getString(module.getContext(), value));
    return known;
  }
  Constant *textOrNull(Attribute value) {
    auto string = dyn_cast_or_null<StringAttr>(value);
    return string ? text(string) : null();
  }
  Constant *textArray(ArrayAttr values) {
    SmallVector<Constant *> elements;
    if (values)
      for (Attribute value : values)
        elements.push_back(textOrNull(value));
    return array(ptr, elements);
  }
  Constant *int64Array(ArrayRef<int64_t> values) {
    SmallVector<Constant *> elements;
    for (int64_t value : values)
      elements.push_back(number(value));
    return array(i64, elements);
  }

  FailureOr<Constant *> type(Location loc, Attribute tree, Attribute defaultValue);
  FailureOr<Constant *> method(LLVM::LLVMFuncOp function, ArrayRef<CpuVariant> variants);
  Constant *state(graph::WeightOp weight);

  llvm::PointerType *ptr;
  llvm::Type *i32, *i64, *f64;
  llvm::StringMap<Constant *> texts;
  /// Symbols of sizes that the method's inputs show; the others are the
  /// compiler's own and mean nothing to a caller.
  int64_t shownSymbols = 0;
  bool inInputs = false;
};

} // namespace

FailureOr<llvm::Constant *> Tables::type(Location loc, Attribute tree, Attribute defaultValue) {
  auto dict = dyn_cast_or_null<DictionaryAttr>(tree);
  auto kindName = dict ? dict.getAs<StringAttr>("kind") : StringAttr();
  if (!kindName)
    return mlir::emitError(loc) << "ingot.signature: a type has no kind: " << tree;
  int kind = llvm::StringSwitch<int>(kindName)
                 .Case("tensor", INGOT_ABI_KIND_TENSOR)
                 .Case("int", INGOT_ABI_KIND_INT)
                 .Case("float", INGOT_ABI_KIND_FLOAT)
                 .Case("bool", INGOT_ABI_KIND_BOOL)
                 .Case("complex", INGOT_ABI_KIND_COMPLEX)
                 .Case("str", INGOT_ABI_KIND_STRING)
                 .Case("none", INGOT_ABI_KIND_NONE)
                 .Cases({"dtype", "layout", "memory_format"}, INGOT_ABI_KIND_DTYPE)
                 .Case("device", INGOT_ABI_KIND_DEVICE)
                 .Case("list", INGOT_ABI_KIND_LIST)
                 .Case("tuple", INGOT_ABI_KIND_TUPLE)
                 .Case("dict", INGOT_ABI_KIND_DICT)
                 .Case("object", INGOT_ABI_KIND_OBJECT)
                 .Case("optional", INGOT_ABI_KIND_OPTIONAL)
                 .Case("any", INGOT_ABI_KIND_ANY)
                 .Case("future", INGOT_ABI_KIND_FUTURE)
                 .Case("await", INGOT_ABI_KIND_AWAIT)
                 .Case("enum", INGOT_ABI_KIND_ENUM)
                 .Default(-1);
  if (kind < 0)
    return mlir::emitError(loc) << "ingot.signature: unknown kind " << kindName;
  auto integer = [&](StringRef name, int64_t otherwise) {
    auto value = dict.getAs<IntegerAttr>(name);
    return value ? value.getInt() : otherwise;
  };
  int source = INGOT_ABI_LEAF_VALUE;
  if (auto name = dict.getAs<StringAttr>("source"))
    source = llvm::StringSwitch<int>(name)
                 .Case("input", INGOT_ABI_LEAF_INPUT)
                 .Case("constant", INGOT_ABI_LEAF_CONSTANT)
                 .Case("object", INGOT_ABI_LEAF_OBJECT)
                 .Default(INGOT_ABI_LEAF_VALUE);

  Attribute value = dict.get("value");
  if (!value)
    value = defaultValue;
  int64_t i = 0;
  double f = 0;
  Attribute name = dict.get("name");
  if (auto b = dyn_cast_or_null<BoolAttr>(value))
    i = b.getValue();
  else if (auto n = dyn_cast_or_null<IntegerAttr>(value))
    i = n.getValue().getSExtValue();
  else if (auto x = dyn_cast_or_null<FloatAttr>(value))
    f = x.getValueAsDouble();
  else if (auto s = dyn_cast_or_null<StringAttr>(value))
    name = s;
  else if (auto parts = dyn_cast_or_null<ArrayAttr>(value);
           kind == INGOT_ABI_KIND_COMPLEX && parts && parts.size() == 2) {
    f = cast<FloatAttr>(parts[0]).getValueAsDouble();
    i = llvm::bit_cast<int64_t>(cast<FloatAttr>(parts[1]).getValueAsDouble());
  }

  SmallVector<Constant *> children;
  if (auto list = dict.getAs<ArrayAttr>("children"))
    for (Attribute child : list) {
      auto made = type(loc, child, Attribute());
      if (failed(made))
        return failure();
      children.push_back(*made);
    }
  SmallVector<int64_t> shown;
  auto sizes = dict.getAs<DenseI64ArrayAttr>("sizes");
  for (int64_t size : sizes ? sizes.asArrayRef() : ArrayRef<int64_t>()) {
    bool isSymbol = size < 0 && size != INT64_MIN;
    if (isSymbol && inInputs)
      shownSymbols = std::max(shownSymbols, -size);
    shown.push_back(isSymbol && -size > shownSymbols ? INT64_MIN : size);
  }
  Constant *childArray = children.empty() ? null() : array(children.front()->getType(), children);
  return structure({small(kind), small(source), small(integer("leaf", -1)), small(integer("dtype", -1)),
                    small(shown.size()), small(children.size()), sizes ? int64Array(shown) : null(), childArray,
                    textArray(dict.getAs<ArrayAttr>("names")), textOrNull(name), number(i),
                    llvm::ConstantFP::get(f64, f)});
}

FailureOr<llvm::Constant *> Tables::method(LLVM::LLVMFuncOp function, ArrayRef<CpuVariant> variants) {
  Location loc = function.getLoc();
  auto name = function->getAttrOfType<StringAttr>("ingot.method");
  auto signature = function->getAttrOfType<DictionaryAttr>("ingot.signature");
  if (!signature)
    return function.emitError() << "method " << name << " has no ingot.signature";
  SmallVector<Constant *> inputs, symbols, entries;
  shownSymbols = 0;
  inInputs = true;
  if (auto list = signature.getAs<ArrayAttr>("inputs"))
    for (Attribute element : list) {
      auto input = dyn_cast<DictionaryAttr>(element);
      if (!input)
        return mlir::emitError(loc) << "ingot.signature: an input is no dictionary";
      Attribute given = input.get("default");
      auto tree = type(loc, input.get("type"), given);
      if (failed(tree))
        return failure();
      auto flag = [&](Attribute a) {
        auto b = dyn_cast_or_null<BoolAttr>(a);
        return b ? b.getValue() : bool(a);
      };
      inputs.push_back(structure({textOrNull(input.get("name")), global(*tree),
                                  // `default = false`: a bool default, not "no default".
                                  small(given ? 1 : 0),
                                  small((flag(input.get("mutated")) ? INGOT_ABI_INPUT_MUTATED : 0) |
                                        (input.get("row_major") ? INGOT_ABI_INPUT_ROW_MAJOR : 0))}));
    }
  inInputs = false;
  auto output = type(loc, signature.get("output"), Attribute());
  if (failed(output))
    return failure();
  if (auto list = function->getAttrOfType<ArrayAttr>("graph.symbols"))
    for (Attribute element : list.getValue().take_front(std::min<int64_t>(shownSymbols, list.size()))) {
      auto symbol = dyn_cast<DictionaryAttr>(element);
      if (!symbol)
        return mlir::emitError(loc) << "graph.symbols: an entry is no dictionary";
      auto bound = [&](StringRef key, int64_t otherwise) {
        auto value = symbol.getAs<IntegerAttr>(key);
        return value ? value.getInt() : otherwise;
      };
      symbols.push_back(
          structure({textOrNull(symbol.get("name")), number(bound("min", 0)), number(bound("max", INT64_MAX))}));
    }
  for (const CpuVariant &variant : variants) {
    auto *entryType = llvm::FunctionType::get(i32, {ptr, ptr}, false);
    auto *entry =
        llvm::Function::Create(entryType, llvm::GlobalValue::ExternalLinkage, methodSymbol(variant, name), module);
    entry->setVisibility(llvm::GlobalValue::HiddenVisibility);
    entries.push_back(entry);
  }
  auto count = [&](StringRef key) {
    auto value = signature.getAs<IntegerAttr>(key);
    return small(value ? value.getInt() : 0);
  };
  Constant *inputArray = inputs.empty() ? null() : array(inputs.front()->getType(), inputs);
  Constant *symbolArray = symbols.empty() ? null() : array(symbols.front()->getType(), symbols);
  return structure({text(name), inputArray, global(*output), symbolArray, array(ptr, entries), small(inputs.size()),
                    count("input_leaves"), count("results"), small(symbols.size())});
}

llvm::Constant *Tables::state(graph::WeightOp weight) {
  auto type = cast<RankedTensorType>(weight.getType());
  int64_t code = typeToDType(type.getElementType());
  auto offset = weight->getAttrOfType<IntegerAttr>("ingot.offset");
  StringRef name = weight.getOriginalName() ? *weight.getOriginalName() : weight.getSymName();
  return structure({text(name), int64Array(type.getShape()), number(offset.getInt()),
                    number(type.getNumElements() * dtypeSize(code)), small(code), small(type.getRank()),
                    small(weight.getState()), small(weight.getParameter())});
}

LogicalResult Tables::build(ModuleOp source, ArrayRef<CpuVariant> variants, const DescriptorOptions &options) {
  SmallVector<Constant *> methods, states, abiVariants;
  int64_t mutableStates = 0;
  for (auto function : source.getOps<LLVM::LLVMFuncOp>())
    if (function->hasAttr("ingot.method")) {
      auto made = method(function, variants);
      if (failed(made))
        return failure();
      methods.push_back(*made);
    }
  if (methods.empty())
    return source.emitError() << "the program has no method to call";
  for (auto weight : source.getOps<graph::WeightOp>()) {
    if (!weight->hasAttr("ingot.offset"))
      continue;
    // What code generation made of the weights (packed panels) has no name
    // that the user knows.
    if (!weight.getState() && !weight.getOriginalName())
      continue;
    if (typeToDType(cast<RankedTensorType>(weight.getType()).getElementType()) < 0)
      continue;
    states.push_back(state(weight));
    mutableStates += weight.getState();
  }
  for (const CpuVariant &variant : variants)
    abiVariants.push_back(small(variant.abiVariant));
  const CpuVariant &last = variants.back();
  // "znver5;avx2,...": what the runtime checks before it runs this code.
  std::string cpu = last.cpu;
  SmallVector<StringRef> features;
  StringRef(last.features).split(features, ',', -1, /*KeepEmpty=*/false);
  char separator = ';';
  for (StringRef feature : features)
    if (feature.consume_front("+")) {
      cpu += separator;
      cpu += feature;
      separator = ',';
    }
  Constant *constants = null();
  if (options.constantsFile.empty() && options.constantsSize) {
    auto *symbol = new llvm::GlobalVariable(module, llvm::Type::getInt8Ty(module.getContext()), /*isConstant=*/true,
                                            llvm::GlobalValue::ExternalLinkage, nullptr, "ingot_constants");
    symbol->setVisibility(llvm::GlobalValue::HiddenVisibility);
    constants = symbol;
  }
  auto firstOf = [&](ArrayRef<Constant *> list) {
    return list.empty() ? null() : array(list.front()->getType(), list);
  };
  auto needed = source->getAttrOfType<ArrayAttr>("ingot.operators");
  Constant *operators = textArray(needed), *registration = null();
  if (options.linksOperators) {
    auto *function = llvm::Function::Create(llvm::FunctionType::get(ptr, {ptr}, false),
                                            llvm::GlobalValue::ExternalLinkage, "ingot_register_operators", module);
    registration = function;
  }
  Constant *artifact = structure(
      {small(INGOT_ABI_MAJOR), small(INGOT_ABI_MINOR), text(options.producer), firstOf(methods), firstOf(states),
       array(i32, abiVariants), last.abiVariant == INGOT_ABI_CPU_NATIVE ? text(cpu) : null(), constants,
       options.constantsFile.empty() ? null() : text(options.constantsFile), number(options.constantsSize),
       number(options.constantsDigest), small(methods.size()), small(states.size()), small(variants.size()),
       small(mutableStates), operators, registration, small(needed ? needed.size() : 0), small(0)});
  auto *global = new llvm::GlobalVariable(module, artifact->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::ExternalLinkage, artifact, "ingot_artifact");
  global->setVisibility(llvm::GlobalValue::HiddenVisibility);
  return success();
}

LogicalResult ingot::compileDescriptor(ModuleOp module, ArrayRef<CpuVariant> variants, const DescriptorOptions &options,
                                       CodeFormat format, CodeBuffer &code) {
  llvm::LLVMContext context;
  Tables tables(context);
  std::string error;
  CpuVariant plain{"x86-64", "x86-64", "", 128, 0};
  auto machine = createTargetMachine(plain, 0, error);
  if (!machine)
    return module.emitError() << error;
  tables.module.setDataLayout(machine->createDataLayout());
  tables.module.setTargetTriple(machine->getTargetTriple());
  if (failed(tables.build(module, variants, options)))
    return failure();
  llvm::raw_svector_ostream os(code);
  if (format == CodeFormat::LLVMIR) {
    tables.module.print(os, nullptr);
    return success();
  }
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, os, nullptr,
                                   format == CodeFormat::Assembly ? llvm::CodeGenFileType::AssemblyFile
                                                                  : llvm::CodeGenFileType::ObjectFile))
    return module.emitError() << "the target cannot emit this kind of file";
  passes.run(tables.module);
  return success();
}
