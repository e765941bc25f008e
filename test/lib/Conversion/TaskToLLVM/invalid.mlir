// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingot-opt %s --lower-task --split-input-file --verify-diagnostics

func.func @vector() attributes {ingot.method = "f"} {
  // expected-error@+1 {{'task.input' op cannot be an input of type 'vector<4xf32>'}}
  %x = task.input 0 : vector<4xf32>
  return
}

// -----

func.func @offset() attributes {ingot.method = "f"} {
  // expected-error@+1 {{'task.input' op has a static offset that an input cannot have}}
  %x = task.input 0 : memref<?xf32, strided<[1], offset: 4>>
  task.return_value 0, %x dtype 6 : memref<?xf32, strided<[1], offset: 4>>
  return
}

// -----

func.func @unknown() attributes {ingot.method = "f"} {
  // expected-error@+1 {{'task.constant' op names no graph.weight: @nowhere}}
  %x = task.constant @nowhere : memref<4xf32>
  task.return_value 0, %x dtype 6 : memref<4xf32>
  return
}

// -----

graph.weight @w : tensor<4xf32> (dense<1.0> : tensor<4xf32>)
func.func @no_place() attributes {ingot.method = "f"} {
  // expected-error@+1 {{'task.constant' op has no place in the constants yet}}
  %x = task.constant @w : memref<4xf32>
  task.return_value 0, %x dtype 6 : memref<4xf32>
  return
}

// -----

graph.weight @w : tensor<4xf32> (dense<1.0> : tensor<4xf32>)
func.func @no_state() attributes {ingot.method = "f"} {
  // expected-error@+1 {{'task.state' op names no state: @w}}
  %x = task.state @w : memref<4xf32>
  task.return_value 0, %x dtype 6 : memref<4xf32>
  return
}

// -----

func.func @value() attributes {ingot.method = "f"} {
  %x = arith.constant dense<1.0> : vector<4xf32>
  // expected-error@+1 {{'task.return_value' op cannot return a value of type 'vector<4xf32>'}}
  task.return_value 0, %x dtype 6 : vector<4xf32>
  return
}

// -----

func.func private @kernel(%b: index, %e: index, %v: i128) attributes {task.kernel} {
  return
}
func.func @wide() attributes {ingot.method = "f"} {
  %c1 = arith.constant 1 : index
  %x = arith.constant 1 : i128
  // expected-error@+1 {{'task.launch' op passes a number wider than 8 bytes to its kernel}}
  task.launch @kernel[%c1 grain %c1](%x) : i128
  return
}

// -----

// expected-error@+1 {{'func.func' op is a method with arguments or results: code generation replaces them by task.input and task.return_value}}
func.func @arguments(%n: index) attributes {ingot.method = "f"} {
  return
}

// -----

// Scratch belongs to a kernel's thread.
func.func @scratch() attributes {ingot.method = "f"} {
  %n = arith.constant 64 : index
  // expected-error@+1 {{'task.worker_scratch' op cannot stand in a method at this phase}}
  %x = task.worker_scratch %n : memref<?xi8>
  return
}

// -----

// Without memory a kernel returns, which it cannot do from inside a loop.
func.func private @kernel(%begin: index, %end: index) attributes {task.kernel} {
  %n = arith.constant 64 : index
  scf.for %i = %begin to %end step %n {
    // expected-error@+1 {{'task.worker_scratch' op stands in a region inside its kernel}}
    %x = task.worker_scratch %n : memref<?xi8>
  }
  return
}
