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
  task.fork_end %a : tensor<1000000xf32>
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
  task.fork_end %a : tensor<8xf32>
  return %a : tensor<8xf32>
}
