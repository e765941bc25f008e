//===- Convolution.cpp - convolutions as panel products ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A convolution over an NHWC input needs no im2col: for one row of outputs the
// inputs of a kernel row are kernel-width x channels neighbours in memory, and the
// next output is stride x channels further, which is all that the micro-kernel
// asks of a row of A.
#include "Emitters.h"

#include "PanelProduct.h"
#include "TileEpilogue.h"
#include "Winograd.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace ingot;
using namespace ingot::codegen;
using namespace ingot::cpu;

namespace {

/// `ingot.convolution` = {stride, dilation, groups}: input [N, H, W, C] already
/// padded, weight [F, C / groups, KH, KW], result [N, OH, OW, F].
struct ConvolutionTag {
  int64_t strideH, strideW, dilationH, dilationW, groups;

  static std::optional<ConvolutionTag> get(linalg::LinalgOp op) {
    auto tag = op->getAttrOfType<DictionaryAttr>("ingot.convolution");
    if (!tag)
      return std::nullopt;
    auto pair = [&](StringRef name) -> SmallVector<int64_t> {
      Attribute attr = tag.get(name);
      if (auto array = dyn_cast_or_null<DenseI64ArrayAttr>(attr))
        return llvm::to_vector(array.asArrayRef());
      SmallVector<int64_t> values;
      if (auto array = dyn_cast_or_null<ArrayAttr>(attr))
        for (Attribute a : array)
          values.push_back(cast<IntegerAttr>(a).getInt());
      return values;
    };
    SmallVector<int64_t> stride = pair("stride"), dilation = pair("dilation");
    auto groups = tag.getAs<IntegerAttr>("groups");
    if (stride.size() != 2 || dilation.size() != 2 || !groups)
      return std::nullopt;
    return ConvolutionTag{stride[0], stride[1], dilation[0], dilation[1], groups.getInt()};
  }
};

class ConvolutionEmitter : public KernelEmitter {
public:
  explicit ConvolutionEmitter(const CodegenOptions &options) : shape(MicrokernelShape::get(options.vectorBits)) {}

  bool matches(const Dispatch &dispatch) override {
    linalg::LinalgOp op = dispatch.root();
    auto tag = ConvolutionTag::get(op);
    if (!tag || op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1)
      return false;
    for (Type type : op->getOperandTypes()) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      if (!tensor || tensor.getRank() != 4 || !tensor.getElementType().isF32())
        return false;
    }
    auto fill = op.getDpsInits()[0].getDefiningOp<linalg::FillOp>();
    auto constant = fill ? fill.getInputs()[0].getDefiningOp<arith::ConstantOp>() : arith::ConstantOp();
    auto zero = constant ? dyn_cast<FloatAttr>(constant.getValue()) : FloatAttr();
    if (!zero || !zero.getValue().isZero())
      return false;
    // Few columns to a group waste the panel's padding: depthwise and narrow
    // groups are loops over the channels instead.
    auto weight = cast<RankedTensorType>(op.getDpsInputs()[1].getType());
    auto result = cast<RankedTensorType>(op->getResult(0).getType());
    if (tag->groups > 1 && (weight.isDynamicDim(0) || weight.getDimSize(0) / tag->groups < kPanel))
      return false;
    return result.getRank() == 4 && isTileEpilogue(dispatch);
  }

  LogicalResult emit(const Dispatch &dispatch, KernelContext &context) override {
    linalg::LinalgOp op = dispatch.root();
    ConvolutionTag tag = *ConvolutionTag::get(op);
    HostBuilder &host = context.host;
    Buffer a = context.getBuffer(op.getDpsInputs()[0]);
    if (!host.isConstant(a.strides[3], 1))
      a = context.getDense(op.getDpsInputs()[0]);
    Buffer w = context.getBuffer(op.getDpsInputs()[1]);
    SmallVector<AffineExpr> out = context.getSizes(op.getDpsInits()[0]);
    bool isPlain = tag.strideH == 1 && tag.strideW == 1 && tag.dilationH == 1 && tag.dilationW == 1 && tag.groups == 1;
    if (isPlain && context.options.winograd && gainsByWinograd(a, w, out))
      return emitWinograd(a, w, out, dispatch, context, shape);
    AffineExpr zero = host.expr(0);
    AffineExpr channels = w.sizes[1], kh = w.sizes[2], kw = w.sizes[3];

    PanelProduct product;
    product.a = a;
    product.b = w;
    product.columnDim = 3;
    product.columns = host.simplify(w.sizes[0].floorDiv(tag.groups));
    auto addBatch = [&](PanelDim dim, AffineExpr bSize) {
      product.batch.push_back(dim);
      product.bBatch.push_back({bSize, dim.bStride});
    };
    if (tag.groups > 1) {
      int64_t columns = *host.constant(product.columns);
      addBatch({host.expr(tag.groups), host.simplify(a.strides[3] * channels), host.simplify(w.strides[0] * columns), 3,
                columns},
               host.expr(tag.groups));
    }
    AffineExpr rowH = host.simplify(a.strides[1] * tag.strideH);
    AffineExpr rowW = host.simplify(a.strides[2] * tag.strideW);
    product.rows = {{out[0], a.strides[0], zero, 0}, {out[1], rowH, zero, 1}, {out[2], rowW, zero, 2}};
    // Only where one output's inputs do not reach into the next row's may the
    // rows of an image be one run; the strides tell.
    product.collapseRows = true;
    product.outer = kh;
    product.outerStride = host.simplify(a.strides[1] * tag.dilationH);
    bool neighbours = tag.dilationW == 1 && tag.groups == 1 && host.simplify(a.strides[2] - channels) == zero;
    product.middle = neighbours ? host.expr(1) : kw;
    product.middleStride = neighbours ? zero : host.simplify(a.strides[2] * tag.dilationW);
    product.inner = neighbours ? host.product({kw, channels}) : channels;
    product.bReduction = {{kh, w.strides[2]}, {kw, w.strides[3]}, {channels, w.strides[1]}};
    product.bColumnStride = w.strides[0];
    return emitPanelProduct(std::move(product), dispatch, context, shape, "conv2d_f32");
  }

private:
  MicrokernelShape shape;
};

} // namespace

std::unique_ptr<KernelEmitter> cpu::createConvolutionEmitter(const CodegenOptions &options) {
  return std::make_unique<ConvolutionEmitter>(options);
}
