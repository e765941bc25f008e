// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: ingotc %s --start-from=tiled --stop-after=tiled -o - | FileCheck %s
// RUN: ingotc %s --start-from=tiled --stop-after=tiled --elide-forks=off -o - | FileCheck %s --check-prefix=OFF

#id = affine_map<(d0) -> (d0)>

// The fork's launch moves into a kernel; the host goes on with what touches
// other memory and joins before the sum.
// CHECK-LABEL: func.func @beside
// CHECK: %[[F:.*]] = task.fork @[[K:.*]] "f (m.py:1)"
// CHECK-NEXT: task.poll
// CHECK-NEXT: task.launch @exp
// CHECK: task.join %[[F]]
// CHECK: task.launch @addf
// CHECK: func.func private @[[K]](
// CHECK: task.launch @sqrt
func.func @beside(%x: tensor<1000000xf32>) -> tensor<1000000xf32> attributes {ingot.method = "beside"} {
  %e = tensor.empty() : tensor<1000000xf32>
  task.fork_begin "f (m.py:1)"
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %o: f32):
    %0 = math.sqrt %i : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  task.fork_end with %a : tensor<1000000xf32>
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %o: f32):
    %0 = math.exp %i : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  %c = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%a, %b : tensor<1000000xf32>, tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %j: f32, %o: f32):
    %0 = arith.addf %i, %j : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  return %c : tensor<1000000xf32>
}

// Little work, and nothing beside it: in place, unless elision is off.
// CHECK-LABEL: func.func @small
// CHECK-NOT: task.fork
// CHECK: return
// OFF-LABEL: func.func @small
// OFF: task.fork
// OFF: task.join
func.func @small(%x: tensor<8xf32>) -> tensor<8xf32> attributes {ingot.method = "small"} {
  %e = tensor.empty() : tensor<8xf32>
  task.fork_begin "g (m.py:2)"
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%i: f32, %o: f32):
    %0 = math.sqrt %i : f32
    linalg.yield %0 : f32
  } -> tensor<8xf32>
  task.fork_end with %a : tensor<8xf32>
  return %a : tensor<8xf32>
}

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

// Products of one input: to prefetch it is not to write it.
// CHECK-LABEL: func.func @products
// CHECK: task.fork
// CHECK: task.launch @matmul_f32
// CHECK: task.join
func.func @products(%x: tensor<512x128xf32>, %u: tensor<128x128xf32>, %v: tensor<128x128xf32>) -> (tensor<512x128xf32>, tensor<512x128xf32>) attributes {ingot.method = "products"} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<512x128xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<512x128xf32>) -> tensor<512x128xf32>
  task.fork_begin "h (m.py:3)"
  %p = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %u : tensor<512x128xf32>, tensor<128x128xf32>) outs(%z : tensor<512x128xf32>) attrs = {ingot.contraction} {
  ^bb0(%i: f32, %j: f32, %o: f32):
    %0 = arith.mulf %i, %j : f32
    %1 = arith.addf %o, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<512x128xf32>
  task.fork_end with %p : tensor<512x128xf32>
  %q = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %v : tensor<512x128xf32>, tensor<128x128xf32>) outs(%z : tensor<512x128xf32>) attrs = {ingot.contraction} {
  ^bb0(%i: f32, %j: f32, %o: f32):
    %0 = arith.mulf %i, %j : f32
    %1 = arith.addf %o, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<512x128xf32>
  return %p, %q : tensor<512x128xf32>, tensor<512x128xf32>
}

// What may raise stays; the work goes behind it, where nothing was raised, and from there into a task.
// CHECK-LABEL: func.func @attempt
// CHECK: %[[TRY:.*]] = task.attempt
// CHECK: %[[E:.*]] = scf.if %[[TRY]] -> (!task.object) {
// CHECK-NOT: task.launch
// CHECK: task.check %{{.*}}, "ValueError" "no"
// CHECK-NOT: task.launch
// CHECK: } else {
// CHECK: task.call_runtime "take_error"
// CHECK: %[[FINE:.*]] = task.call_runtime "is_none"(%[[E]])
// CHECK: %[[F:.*]] = task.fork @[[K:.*]] "r (m.py:4)"{{.*}}%[[FINE]]
// CHECK: task.launch @exp
// CHECK: task.call_runtime "raise_error"(%[[E]])
// CHECK: task.join %[[F]]
// CHECK: func.func private @[[K]](
// CHECK: scf.if
// CHECK: task.launch @sqrt
func.func @attempt(%x: tensor<1000000xf32>, %p: i1) -> tensor<1000000xf32> attributes {ingot.method = "attempt"} {
  %e = tensor.empty() : tensor<1000000xf32>
  task.fork_begin "r (m.py:4)"
  %try = task.attempt
  %a, %error = scf.if %try -> (tensor<1000000xf32>, !task.object) {
    %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
    ^bb0(%i: f32, %o: f32):
      %1 = math.sqrt %i : f32
      linalg.yield %1 : f32
    } -> tensor<1000000xf32>
    graph.check %p, "ValueError" "no"()
    %none = task.call_runtime "none"() : () -> !task.object
    scf.yield %0, %none : tensor<1000000xf32>, !task.object
  } else {
    %0 = task.call_runtime "take_error"() : () -> !task.object
    scf.yield %e, %0 : tensor<1000000xf32>, !task.object
  }
  task.fork_end
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %o: f32):
    %0 = math.exp %i : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  task.call_runtime "raise_error"(%error) : (!task.object) -> ()
  %c = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%a, %b : tensor<1000000xf32>, tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %j: f32, %o: f32):
    %0 = arith.addf %i, %j : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  return %c : tensor<1000000xf32>
}

// A fork within a fork is a task that the outer one's task starts and joins.
// CHECK-LABEL: func.func @nested
// CHECK: %[[F:.*]] = task.fork @[[OUTER:.*]] "outer (m.py:5)"
// CHECK: task.launch @exp
// CHECK: task.join %[[F]]
// CHECK: func.func private @[[OUTER]](
// CHECK: %[[G:.*]] = task.fork @[[INNER:.*]] "inner (m.py:6)"
// CHECK-NEXT: task.launch @exp
// CHECK: task.join %[[G]]
// CHECK: task.launch @addf
// CHECK: func.func private @[[INNER]](
// CHECK: task.launch @sqrt
func.func @nested(%x: tensor<1000000xf32>) -> tensor<1000000xf32> attributes {ingot.method = "nested"} {
  %e = tensor.empty() : tensor<1000000xf32>
  task.fork_begin "outer (m.py:5)"
  task.fork_begin "inner (m.py:6)"
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %o: f32):
    %0 = math.sqrt %i : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  task.fork_end with %a : tensor<1000000xf32>
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %o: f32):
    %0 = math.exp %i : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  %c = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%a, %b : tensor<1000000xf32>, tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %j: f32, %o: f32):
    %0 = arith.addf %i, %j : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  task.fork_end with %c : tensor<1000000xf32>
  %d = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %o: f32):
    %0 = math.exp %i : f32
    %1 = math.exp %0 : f32
    linalg.yield %1 : f32
  } -> tensor<1000000xf32>
  %r = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%c, %d : tensor<1000000xf32>, tensor<1000000xf32>) outs(%e : tensor<1000000xf32>) {
  ^bb0(%i: f32, %j: f32, %o: f32):
    %0 = arith.mulf %i, %j : f32
    linalg.yield %0 : f32
  } -> tensor<1000000xf32>
  return %r : tensor<1000000xf32>
}
