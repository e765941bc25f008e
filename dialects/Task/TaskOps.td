//===- TaskOps.td - the task dialect -----------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef INGOT_TASK_OPS
#define INGOT_TASK_OPS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Task_Dialect : Dialect {
  let name = "task";
  let cppNamespace = "::ingot::task";
  let useDefaultTypePrinterParser = 1;
  let summary = "What generated code asks of the runtime";
  let description = [{
    Mirrors include/ingot/ABI/artifact.h one to one: kernels launched over the
    pool, memory of a call, constants, checks and results. See README.md.
  }];
}

def Task_ObjectType : TypeDef<Task_Dialect, "Object"> {
  let mnemonic = "object";
  let summary = "A container, string or boxed value of the runtime";
  let description = [{
    A reference that the call owns until it ends (include/ingot/ABI/object.h): it
    may be carried by loops and branches like any other value.
  }];
}

def Task_FutureType : TypeDef<Task_Dialect, "Future"> {
  let mnemonic = "future";
  let summary = "A fork that runs; joined once";
}

class Task_Op<string mnemonic, list<Trait> traits = []> : Op<Task_Dialect, mnemonic, traits>;

def Task_LaunchOp : Task_Op<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs a kernel over [0, count) on the pool";
  let description = [{
    The callee is a func.func(begin: index, end: index, operands...) without
    results. Chunks have at least `grain` iterations; `count` <= `grain` runs on
    the caller. Kernels never raise: what can go wrong is checked before.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Index:$count, Index:$grain, Variadic<AnyType>:$operands_);
  let assemblyFormat = "$kernel `[` $count `grain` $grain `]` `(` $operands_ `)` attr-dict `:` type($operands_)";
}
def Task_ComputeOp : Task_Op<"compute", [AttrSizedOperandSegments, SingleBlock, IsolatedFromAbove]> {
  let summary = "A kernel written as loops over memrefs, on tensors";
  let description = [{
    What linalg cannot say (scatter, scan, sort): the region computes iterations
    [begin, end) of `count`. Block arguments: begin, end (index), one per input (a
    tensor as a memref with dynamic strides, numbers as they are), one per output (a dense memref).
    A result begins with the contents of its `outs` operand; of tensor.empty,
    with anything. Iterations run in parallel and must not depend on each other
    (`count` 1 for sequential work).
  }];
  let arguments = (ins Index:$count, Index:$grain, Variadic<AnyType>:$inputs, Variadic<AnyRankedTensor>:$outs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`[` $count `grain` $grain `]` `ins` `(` $inputs (`:` type($inputs)^)? `)` `outs` `(` $outs `:` type($outs) `)` attr-dict-with-keyword `->` type($results) $body";
}
def Task_YieldOp : Task_Op<"yield", [Terminator, Pure, HasParent<"ComputeOp">]> {
  let summary = "Ends task.compute";
  let assemblyFormat = "attr-dict";
}
def Task_ArenaOp : Task_Op<"arena", [MemoryEffects<[MemAlloc]>]> {
  let summary = "Scratch memory of the call, 64-byte aligned (runtime: arena)";
  let arguments = (ins Index:$bytes);
  let results = (outs MemRefOf<[I8]>:$memory);
  let assemblyFormat = "$bytes attr-dict `:` type($memory)";
}
def Task_ResultBlockOp : Task_Op<"result_block", [MemoryEffects<[MemAlloc]>]> {
  let summary = "Memory that results may point into (runtime: result_block)";
  let description = [{ `slot`: the first result that lives in it. A failure to allocate ends the call with its error. }];
  let arguments = (ins Index:$bytes, I64Attr:$slot);
  let results = (outs MemRefOf<[I8]>:$memory);
  let assemblyFormat = "$bytes `slot` $slot attr-dict `:` type($memory)";
}
def Task_WorkerScratchOp : Task_Op<"worker_scratch", [MemoryEffects<[MemAlloc]>]> {
  let summary = "Thread-local scratch inside a kernel; ask once per chunk (runtime: kernel_scratch)";
  let arguments = (ins Index:$bytes);
  let results = (outs MemRefOf<[I8]>:$memory);
  let assemblyFormat = "$bytes attr-dict `:` type($memory)";
}
def Task_ConstantOp : Task_Op<"constant", [Pure]> {
  let summary = "The bytes of a graph.weight in the constants, as a dense memref";
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs AnyMemRef:$memory);
  let assemblyFormat = "$name attr-dict `:` type($memory)";
}
def Task_StateOp : Task_Op<"state", [Pure]> {
  let summary = "The memory of a mutable state of the instance, as a dense memref";
  let arguments = (ins FlatSymbolRefAttr:$name);
  let results = (outs AnyMemRef:$memory);
  let assemblyFormat = "$name attr-dict `:` type($memory)";
}
def Task_ContiguousOp : Task_Op<"contiguous"> {
  let summary = "Input tensor as row-major memory: itself when dense, else a copy (runtime: contiguous)";
  let arguments = (ins I64Attr:$leaf);
  let results = (outs AnyMemRef:$memory);
  let assemblyFormat = "$leaf attr-dict `:` type($memory)";
}
def Task_InputOp : Task_Op<"input", [Pure]> {
  let summary = "Input leaf as given: a strided memref, or an i64, f64 or i1 number";
  let arguments = (ins I64Attr:$leaf);
  let results = (outs AnyType:$value);
  let assemblyFormat = "$leaf attr-dict `:` type($value)";
}
def Task_ReturnValueOp : Task_Op<"return_value"> {
  let summary = "Gives result `slot` its value: a memref (any strides) or a number";
  let description = [{
    `dtype` is the torch ScalarType code of a tensor. The storage is found from
    the memref's allocated pointer.
  }];
  let arguments = (ins I64Attr:$slot, AnyType:$value, I64Attr:$dtype);
  let assemblyFormat = "$slot `,` $value `dtype` $dtype attr-dict `:` type($value)";
}
def Task_CheckOp : Task_Op<"check"> {
  let summary = "Ends the method with an error unless the condition holds (runtime: raise)";
  let arguments = (ins I1:$condition, StrAttr:$exception, StrAttr:$message, Variadic<Index>:$values);
  let assemblyFormat = "$condition `,` $exception $message `(` $values `)` attr-dict";
}
def Task_AttemptOp : Task_Op<"attempt"> {
  let summary = "True: the condition of an scf.if whose else part is gone to where the then part raises";
  let description = [{
    An error within the first region (of a check, a call of the runtime or an unbox)
    ends that region only; the second one takes it (`task.call_runtime "take_error"`)
    and gives what stands for the results. Memory errors and cancellation end the
    method as anywhere.

      %try = task.attempt
      %value, %error = scf.if %try -> (f64, !task.object) {
        task.check %c, "ValueError" "no" ()
        ...
        %none = task.call_runtime "none"() : () -> !task.object
        scf.yield %x, %none
      } else {
        %kept = task.call_runtime "take_error"() : () -> !task.object
        scf.yield %zero, %kept
      }
  }];
  let results = (outs I1:$begun);
  let assemblyFormat = "attr-dict";
}
def Task_KeepOp : Task_Op<"keep", [AllTypesMatch<["value", "result"]>]> {
  let summary = "The value, which no pass may look through";
  let description = [{
    What a failed attempt leaves as it was is chosen by where control came from, not
    by the attempt's condition, which is always true.
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}
def Task_CopyOp : Task_Op<"copy"> {
  let summary = "Copies between memrefs of equal sizes and any strides (runtime: copy_strided)";
  let arguments = (ins AnyMemRef:$source, AnyMemRef:$target);
  let assemblyFormat = "$source `,` $target attr-dict `:` type($source) `,` type($target)";
}
def Task_PrintOp : Task_Op<"print"> {
  let summary = "Writes a constant text to stdout's callback (runtime: print)";
  let arguments = (ins StrAttr:$text);
  let assemblyFormat = "$text attr-dict";
}
def Task_CallRuntimeOp : Task_Op<"call_runtime", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Calls a function of the runtime's object table";
  let description = [{
    `callee` is a name of INGOT_OBJECT_FUNCTIONS (include/ingot/ABI/object.h), which
    gives the types and says whether the call reads, writes or can raise. An error
    ends the method, at this op's source line.

      %n = task.call_runtime "length"(%l) : (!task.object) -> i64
      %s = task.call_runtime "text"() {text = "a"} : () -> !task.object
  }];
  let arguments = (ins StrAttr:$callee, Variadic<AnyType>:$operands_, OptionalAttr<StrAttr>:$text);
  let results = (outs Optional<AnyType>:$result);
  let assemblyFormat = "$callee `(` $operands_ `)` attr-dict `:` functional-type($operands_, $result)";
  let hasVerifier = 1;
}
def Task_BoxOp : Task_Op<"box", [MemoryEffects<[MemAlloc, MemRead]>]> {
  let summary = "An object that is the tensor (runtime: box_tensor)";
  let description = [{
    Memory of an input, a result or a state is shared; anything else is copied.
    `dtype` is the torch ScalarType code.
  }];
  let arguments = (ins AnyType:$tensor, I64Attr:$dtype);
  let results = (outs Task_ObjectType:$object);
  let assemblyFormat = "$tensor `dtype` $dtype attr-dict `:` type($tensor)";
}
def Task_UnboxOp : Task_Op<"unbox", [MemoryEffects<[MemRead]>]> {
  let summary = "The tensor in an object, row-major (runtime: unbox_tensor, contiguous)";
  let description = [{
    Ends the method unless the object is a tensor of this dtype and rank; unused,
    it does not look.
  }];
  let arguments = (ins Task_ObjectType:$object, I64Attr:$dtype);
  let results = (outs AnyType:$tensor);
  let assemblyFormat = "$object `dtype` $dtype attr-dict `:` type($tensor)";
}
def Task_PollOp : Task_Op<"poll"> {
  let summary = "Ends the method when the call was cancelled or is late (runtime: cancelled)";
  let assemblyFormat = "attr-dict";
}
//===----------------------------------------------------------------------===//
// Forks
//===----------------------------------------------------------------------===//

def Task_ForkBeginOp : Task_Op<"fork_begin"> {
  let summary = "What follows, up to the task.fork_end of this block, is the body of a fork";
  let description = [{
    Forks are evaluated in program order, which is a legal schedule; the marks say
    which of the work may run at the same time as what follows it. They nest.
  }];
  let arguments = (ins StrAttr:$name);
  let assemblyFormat = "$name attr-dict";
}
def Task_ForkEndOp : Task_Op<"fork_end"> {
  let summary = "Ends the body of a fork";
  let description = [{ `results`: tensors of the fork's value, which are to be computed within it. }];
  let arguments = (ins Variadic<AnyType>:$results_);
  let assemblyFormat = "(`with` $results_^ `:` type($results_))? attr-dict";
}
def Task_ForkOp : Task_Op<"fork", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Starts a kernel as a task of the call (runtime: fork)";
  let description = [{
    The callee is a kernel of one iteration, which may launch others. What it
    reads and writes is left alone until the task.join, which is also given the
    memory, so that it is seen to be in use. A call that ends before waits for its
    tasks.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, StrAttr:$name, Variadic<AnyType>:$operands_);
  let results = (outs Task_FutureType:$future);
  let assemblyFormat = "$kernel $name `(` $operands_ `)` attr-dict `:` type($operands_)";
}
def Task_JoinOp : Task_Op<"join"> {
  let summary = "Waits for a fork, or runs it here if no thread has begun it (runtime: join)";
  let arguments = (ins Task_FutureType:$future, Variadic<AnyType>:$memory);
  let assemblyFormat = "$future `,` `(` $memory `)` attr-dict `:` type($memory)";
}
#endif
