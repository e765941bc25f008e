//===- Elementwise.td - one result element from one of each operand -*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operands have equal sizes; all but casts, comparisons and `where` have one
// element type. Promotion and broadcasting are explicit (graph.cast,
// graph.expand). Meaning: the PyTorch operator of the same name.

#ifndef INGOT_GRAPH_ELEMENTWISE
#define INGOT_GRAPH_ELEMENTWISE

include "dialects/Graph/GraphBase.td"

class Graph_UnaryOp<string mnemonic, string sum> : Graph_PureOp<mnemonic, [SameOperandsAndResultType, Elementwise]> {
  let summary = sum;
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}
class Graph_BinaryOp<string mnemonic, string sum, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, !listconcat([SameOperandsAndResultType, Elementwise], traits)> {
  let summary = sum;
  let arguments = (ins Graph_Tensor:$lhs, Graph_Tensor:$rhs);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}
class Graph_PredicateOp<string mnemonic, string sum> : Graph_PureOp<mnemonic, [Elementwise]> {
  let summary = sum;
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}
class Graph_CompareOp<string mnemonic, string sum> : Graph_PureOp<mnemonic, [Elementwise, SameTypeOperands]> {
  let summary = sum;
  let arguments = (ins Graph_Tensor:$lhs, Graph_Tensor:$rhs);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)";
}

def Graph_AbsOp : Graph_UnaryOp<"abs", "|x| (complex: use graph.complex_abs)">;
def Graph_NegOp : Graph_UnaryOp<"neg", "-x">;
def Graph_SignOp : Graph_UnaryOp<"sign", "-1, 0 or 1; NaN for NaN">;
def Graph_CeilOp : Graph_UnaryOp<"ceil", "Round up">;
def Graph_FloorOp : Graph_UnaryOp<"floor", "Round down">;
def Graph_RoundOp : Graph_UnaryOp<"round", "Round half to even">;
def Graph_TruncOp : Graph_UnaryOp<"trunc", "Round to zero">;
def Graph_SqrtOp : Graph_UnaryOp<"sqrt", "Square root">;
def Graph_RsqrtOp : Graph_UnaryOp<"rsqrt", "1/sqrt(x)">;
def Graph_ReciprocalOp : Graph_UnaryOp<"reciprocal", "1/x">;
def Graph_ExpOp : Graph_UnaryOp<"exp", "e^x">;
def Graph_Exp2Op : Graph_UnaryOp<"exp2", "2^x">;
def Graph_Expm1Op : Graph_UnaryOp<"expm1", "e^x - 1">;
def Graph_LogOp : Graph_UnaryOp<"log", "Natural logarithm">;
def Graph_Log2Op : Graph_UnaryOp<"log2", "Logarithm to base 2">;
def Graph_Log10Op : Graph_UnaryOp<"log10", "Logarithm to base 10">;
def Graph_Log1pOp : Graph_UnaryOp<"log1p", "log(1 + x)">;
def Graph_SinOp : Graph_UnaryOp<"sin", "Sine of radians">;
def Graph_CosOp : Graph_UnaryOp<"cos", "Cosine of radians">;
def Graph_TanOp : Graph_UnaryOp<"tan", "Tangent of radians">;
def Graph_AsinOp : Graph_UnaryOp<"asin", "Arc sine">;
def Graph_AcosOp : Graph_UnaryOp<"acos", "Arc cosine">;
def Graph_AtanOp : Graph_UnaryOp<"atan", "Arc tangent">;
def Graph_SinhOp : Graph_UnaryOp<"sinh", "Hyperbolic sine">;
def Graph_CoshOp : Graph_UnaryOp<"cosh", "Hyperbolic cosine">;
def Graph_TanhOp : Graph_UnaryOp<"tanh", "Hyperbolic tangent">;
def Graph_AsinhOp : Graph_UnaryOp<"asinh", "Inverse hyperbolic sine">;
def Graph_AcoshOp : Graph_UnaryOp<"acosh", "Inverse hyperbolic cosine">;
def Graph_AtanhOp : Graph_UnaryOp<"atanh", "Inverse hyperbolic tangent">;
def Graph_ErfOp : Graph_UnaryOp<"erf", "Error function">;
def Graph_ErfcOp : Graph_UnaryOp<"erfc", "Complementary error function">;
def Graph_LgammaOp : Graph_UnaryOp<"lgamma", "Logarithm of the gamma function's absolute value">;
def Graph_DigammaOp : Graph_UnaryOp<"digamma", "Logarithmic derivative of the gamma function">;
def Graph_SigmoidOp : Graph_UnaryOp<"sigmoid", "1 / (1 + e^-x)">;
def Graph_ReluOp : Graph_UnaryOp<"relu", "max(x, 0), NaN kept">;
def Graph_BitwiseNotOp : Graph_UnaryOp<"bitwise_not", "Bits inverted; logical not on bool">;
def Graph_ConjOp : Graph_UnaryOp<"conj", "Complex conjugate">;

def Graph_IsNanOp : Graph_PredicateOp<"isnan", "Whether x is NaN (result bool)">;
def Graph_IsInfOp : Graph_PredicateOp<"isinf", "Whether x is an infinity (result bool)">;
def Graph_CastOp : Graph_PredicateOp<"cast", "Converts the element type as Tensor.to(dtype) does (float to int truncates; to bool: x != 0)">;
def Graph_BitcastOp : Graph_PredicateOp<"bitcast", "The same bits under another element type of the same width"> {
  let hasVerifier = 1;
}
def Graph_RealOp : Graph_PredicateOp<"real", "Real part of a complex tensor">;
def Graph_ImagOp : Graph_PredicateOp<"imag", "Imaginary part of a complex tensor">;
def Graph_ComplexAbsOp : Graph_PredicateOp<"complex_abs", "Magnitude of a complex tensor">;
def Graph_AngleOp : Graph_PredicateOp<"angle", "Argument of a complex tensor, in radians">;
def Graph_SignbitOp : Graph_PredicateOp<"signbit", "Whether the sign bit is set (result bool)">;
def Graph_ComplexOp : Graph_CompareOp<"complex", "A complex tensor from real and imaginary parts">;

def Graph_AddOp : Graph_BinaryOp<"add", "x + y (logical or on bool)", [Commutative]>;
def Graph_SubOp : Graph_BinaryOp<"sub", "x - y">;
def Graph_MulOp : Graph_BinaryOp<"mul", "x * y (logical and on bool)", [Commutative]>;
def Graph_DivOp : Graph_BinaryOp<"div", "True division of floating or complex tensors">;
def Graph_FloorDivideOp : Graph_BinaryOp<"floor_divide", "Division rounded down; integer division by zero raises ZeroDivisionError">;
def Graph_TruncDivideOp : Graph_BinaryOp<"trunc_divide", "Division rounded to zero">;
def Graph_RemainderOp : Graph_BinaryOp<"remainder", "Python's modulus: sign of the divisor">;
def Graph_FmodOp : Graph_BinaryOp<"fmod", "C's fmod: sign of the dividend">;
def Graph_PowOp : Graph_BinaryOp<"pow", "x to the power y">;
def Graph_Atan2Op : Graph_BinaryOp<"atan2", "Angle of the point (y = lhs, x = rhs), in radians">;
def Graph_MaximumOp : Graph_BinaryOp<"maximum", "Larger; NaN if either is", [Commutative]>;
def Graph_MinimumOp : Graph_BinaryOp<"minimum", "Smaller; NaN if either is", [Commutative]>;
def Graph_FmaxOp : Graph_BinaryOp<"fmax", "Larger; the other one if one is NaN", [Commutative]>;
def Graph_FminOp : Graph_BinaryOp<"fmin", "Smaller; the other one if one is NaN", [Commutative]>;
def Graph_HypotOp : Graph_BinaryOp<"hypot", "sqrt(x^2 + y^2)">;
def Graph_CopysignOp : Graph_BinaryOp<"copysign", "Magnitude of lhs, sign of rhs">;
def Graph_NextafterOp : Graph_BinaryOp<"nextafter", "The next float after lhs towards rhs">;
def Graph_BitwiseAndOp : Graph_BinaryOp<"bitwise_and", "Bitwise and; logical on bool", [Commutative]>;
def Graph_BitwiseOrOp : Graph_BinaryOp<"bitwise_or", "Bitwise or; logical on bool", [Commutative]>;
def Graph_BitwiseXorOp : Graph_BinaryOp<"bitwise_xor", "Bitwise exclusive or; logical on bool", [Commutative]>;
def Graph_ShiftLeftOp : Graph_BinaryOp<"shift_left", "x << y">;
def Graph_ShiftRightOp : Graph_BinaryOp<"shift_right", "x >> y, keeping the sign">;

def Graph_EqOp : Graph_CompareOp<"eq", "x == y">;
def Graph_NeOp : Graph_CompareOp<"ne", "x != y">;
def Graph_LtOp : Graph_CompareOp<"lt", "x < y">;
def Graph_LeOp : Graph_CompareOp<"le", "x <= y">;
def Graph_GtOp : Graph_CompareOp<"gt", "x > y">;
def Graph_GeOp : Graph_CompareOp<"ge", "x >= y">;

def Graph_WhereOp : Graph_PureOp<"where", [Elementwise, AllTypesMatch<["lhs", "rhs", "result"]>]> {
  let summary = "lhs where the condition (bool) holds, else rhs";
  let arguments = (ins Graph_Tensor:$condition, Graph_Tensor:$lhs, Graph_Tensor:$rhs);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$condition `,` $lhs `,` $rhs attr-dict `:` type($condition) `,` type($result)";
  let hasVerifier = 1;
}

#endif
