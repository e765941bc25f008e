// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Hand-written methods of the linalg phase; numerics.py runs them.
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (n, k)>
#bk = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
#id2 = affine_map<(d0, d1) -> (d0, d1)>
#col = affine_map<(d0, d1) -> (d1)>
#id4 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#ch = affine_map<(d0, d1, d2, d3) -> (d3)>
module {
  graph.weight @w : tensor<40x33xf32> (dense<0.5> : tensor<40x33xf32>)
  graph.weight @s : tensor<4xf32> (dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>) {state}
  // relu(x w^T + b)
  func.func @linear(%x: tensor<?x33xf32>, %w: tensor<40x33xf32>, %bias: tensor<40xf32>) -> tensor<?x40xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, 33>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "w", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 40, 33>, leaf = 1 : i64, source = "value"}, mutated = false}, {name = "bias", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 40>, leaf = 2 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, 40>, leaf = 0 : i64, source = "value"}, input_leaves = 3 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "linear"} {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.0 : f32
    %n = tensor.dim %x, %c0 : tensor<?x33xf32>
    %e = tensor.empty(%n) : tensor<?x40xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x40xf32>) -> tensor<?x40xf32>
    %p = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<?x33xf32>, tensor<40x33xf32>) outs(%z : tensor<?x40xf32>) attrs = {ingot.contraction} {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
    } -> tensor<?x40xf32>
    %r = linalg.generic {indexing_maps = [#id2, #col, #id2], iterator_types = ["parallel", "parallel"]} ins(%p, %bias : tensor<?x40xf32>, tensor<40xf32>) outs(%e : tensor<?x40xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %s = arith.addf %a, %b : f32
      %m = arith.maximumf %s, %zero : f32
      linalg.yield %m : f32
    } -> tensor<?x40xf32>
    return %r : tensor<?x40xf32>
  }
  // the same on a constant weight
  func.func @constlinear(%x: tensor<?x33xf32>) -> tensor<?x40xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, 33>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, 40>, leaf = 0 : i64, source = "value"}, input_leaves = 1 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "constlinear"} {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.0 : f32
    %w = graph.get_weight @w : tensor<40x33xf32>
    %n = tensor.dim %x, %c0 : tensor<?x33xf32>
    %e = tensor.empty(%n) : tensor<?x40xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x40xf32>) -> tensor<?x40xf32>
    %p = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<?x33xf32>, tensor<40x33xf32>) outs(%z : tensor<?x40xf32>) attrs = {ingot.contraction} {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
    } -> tensor<?x40xf32>
    return %p : tensor<?x40xf32>
  }
  // untagged product: generic loops; a residual that is a view
  func.func @loops(%x: tensor<?x?xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "y", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -3, -4>, leaf = 1 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808>, leaf = 0 : i64, source = "value"}, input_leaves = 2 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s2", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s3", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "loops"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %zero = arith.constant 0.0 : f32
    %n = tensor.dim %x, %c0 : tensor<?x?xf32>
    %m = tensor.dim %y, %c1 : tensor<?x?xf32>
    %e = tensor.empty(%n, %m) : tensor<?x?xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    %p = linalg.matmul ins(%x, %y : tensor<?x?xf32>, tensor<?x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
    return %p : tensor<?x?xf32>
  }
  // batched attention scores q k^T
  func.func @scores(%q: tensor<?x?x4x32xf32>, %k: tensor<?x?x4x32xf32>) -> tensor<?x4x?x?xf32> attributes {ingot.signature = {inputs = [{name = "q", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2, 4, 32>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "k", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -3, -4, 4, 32>, leaf = 1 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, 4, -9223372036854775808, -9223372036854775808>, leaf = 0 : i64, source = "value"}, input_leaves = 2 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s2", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s3", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "scores"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %zero = arith.constant 0.0 : f32
    %n = tensor.dim %q, %c0 : tensor<?x?x4x32xf32>
    %s = tensor.dim %q, %c1 : tensor<?x?x4x32xf32>
    %t = tensor.dim %k, %c1 : tensor<?x?x4x32xf32>
    %e = tensor.empty(%n, %s, %t) : tensor<?x4x?x?xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x4x?x?xf32>) -> tensor<?x4x?x?xf32>
    %p = linalg.generic {indexing_maps = [affine_map<(b,h,i,j,d)->(b,i,h,d)>, affine_map<(b,h,i,j,d)->(b,j,h,d)>, affine_map<(b,h,i,j,d)->(b,h,i,j)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : tensor<?x?x4x32xf32>, tensor<?x?x4x32xf32>) outs(%z : tensor<?x4x?x?xf32>) attrs = {ingot.contraction} {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %m = arith.mulf %a, %b : f32
      %s1 = arith.addf %o, %m : f32
      linalg.yield %s1 : f32
    } -> tensor<?x4x?x?xf32>
    return %p : tensor<?x4x?x?xf32>
  }
  // 3x3 convolution on NHWC, stride 1, padding 1, bias, relu
  func.func @conv(%x: tensor<?x?x?x16xf32>, %w: tensor<32x16x3x3xf32>, %b: tensor<32xf32>) -> tensor<?x?x?x32xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2, -3, 16>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "w", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 32, 16, 3, 3>, leaf = 1 : i64, source = "value"}, mutated = false}, {name = "b", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 32>, leaf = 2 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808, -9223372036854775808, 32>, leaf = 0 : i64, source = "value"}, input_leaves = 3 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s2", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "conv"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %zero = arith.constant 0.0 : f32
    %n = tensor.dim %x, %c0 : tensor<?x?x?x16xf32>
    %h = tensor.dim %x, %c1 : tensor<?x?x?x16xf32>
    %v = tensor.dim %x, %c2 : tensor<?x?x?x16xf32>
    %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index):
      tensor.yield %zero : f32
    } : tensor<?x?x?x16xf32> to tensor<?x?x?x16xf32>
    %e = tensor.empty(%n, %h, %v) : tensor<?x?x?x32xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?x?x32xf32>) -> tensor<?x?x?x32xf32>
    %c = linalg.generic {indexing_maps = [affine_map<(n,h,w,f,c,i,j)->(n,h+i,w+j,c)>, affine_map<(n,h,w,f,c,i,j)->(f,c,i,j)>, affine_map<(n,h,w,f,c,i,j)->(n,h,w,f)>], iterator_types = ["parallel","parallel","parallel","parallel","reduction","reduction","reduction"]} ins(%p, %w : tensor<?x?x?x16xf32>, tensor<32x16x3x3xf32>) outs(%z : tensor<?x?x?x32xf32>) attrs = {ingot.convolution = {stride = [1, 1], dilation = [1, 1], groups = 1 : i64}} {
    ^bb0(%a: f32, %bb: f32, %o: f32):
      %m = arith.mulf %a, %bb : f32
      %s = arith.addf %o, %m : f32
      linalg.yield %s : f32
    } -> tensor<?x?x?x32xf32>
    %r = linalg.generic {indexing_maps = [#id4, #ch, #id4], iterator_types = ["parallel","parallel","parallel","parallel"]} ins(%c, %b : tensor<?x?x?x32xf32>, tensor<32xf32>) outs(%e : tensor<?x?x?x32xf32>) {
    ^bb0(%a: f32, %bb: f32, %o: f32):
      %s = arith.addf %a, %bb : f32
      %m = arith.maximumf %s, %zero : f32
      linalg.yield %m : f32
    } -> tensor<?x?x?x32xf32>
    return %r : tensor<?x?x?x32xf32>
  }
  // state: returns the old contents, stores old + x; x is written back with 7 added
  func.func @state(%x: tensor<4xf32>) -> tensor<4xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 4>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 4>, leaf = 0 : i64, source = "value"}, input_leaves = 1 : i64, results = 1 : i64}, graph.symbols = [], ingot.method = "state"} {
    %seven = arith.constant 7.0 : f32
    %s = graph.load_state @s : tensor<4xf32>
    %e = tensor.empty() : tensor<4xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>], iterator_types = ["parallel"]} ins(%x, %s : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %q = arith.addf %a, %b : f32
      linalg.yield %q : f32
    } -> tensor<4xf32>
    graph.store_state %r, @s : tensor<4xf32>
    %y = linalg.generic {indexing_maps = [affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %o: f32):
      %q = arith.addf %a, %seven : f32
      linalg.yield %q : f32
    } -> tensor<4xf32>
    graph.write_back %y, %x : tensor<4xf32>, tensor<4xf32>
    return %s : tensor<4xf32>
  }
  // argmax of i64 with two accumulators, bool any
  func.func @argmax(%x: tensor<?x?xf32>) -> (tensor<?xi64>, tensor<?xi1>) attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tuple", children = [{kind = "tensor", dtype = 4 : i64, sizes = array<i64: -9223372036854775808>, leaf = 0 : i64, source = "value"}, {kind = "tensor", dtype = 11 : i64, sizes = array<i64: -9223372036854775808>, leaf = 1 : i64, source = "value"}]}, input_leaves = 1 : i64, results = 2 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "argmax"} {
    %c0 = arith.constant 0 : index
    %ninf = arith.constant 0xFF800000 : f32
    %zero = arith.constant 0.0 : f32
    %i0 = arith.constant 0 : i64
    %false = arith.constant false
    %n = tensor.dim %x, %c0 : tensor<?x?xf32>
    %e = tensor.empty(%n) : tensor<?xf32>
    %ei = tensor.empty(%n) : tensor<?xi64>
    %eb = tensor.empty(%n) : tensor<?xi1>
    %f = linalg.fill ins(%ninf : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
    %fi = linalg.fill ins(%i0 : i64) outs(%ei : tensor<?xi64>) -> tensor<?xi64>
    %fb = linalg.fill ins(%false : i1) outs(%eb : tensor<?xi1>) -> tensor<?xi1>
    %r:2 = linalg.generic {indexing_maps = [#id2, affine_map<(d0,d1)->(d0)>, affine_map<(d0,d1)->(d0)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x?xf32>) outs(%f, %fi : tensor<?xf32>, tensor<?xi64>) {
    ^bb0(%a: f32, %o: f32, %oi: i64):
      %i = linalg.index 1 : index
      %ii = arith.index_cast %i : index to i64
      %gt = arith.cmpf ogt, %a, %o : f32
      %v = arith.select %gt, %a, %o : f32
      %k = arith.select %gt, %ii, %oi : i64
      linalg.yield %v, %k : f32, i64
    } -> (tensor<?xf32>, tensor<?xi64>)
    %any = linalg.generic {indexing_maps = [#id2, affine_map<(d0,d1)->(d0)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x?xf32>) outs(%fb : tensor<?xi1>) {
    ^bb0(%a: f32, %o: i1):
      %gt = arith.cmpf ogt, %a, %zero : f32
      %v = arith.ori %gt, %o : i1
      linalg.yield %v : i1
    } -> tensor<?xi1>
    return %r#1, %any : tensor<?xi64>, tensor<?xi1>
  }
  // exp, tanh, erf, log
  func.func @math(%x: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tuple", children = [{kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 0 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 1 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 2 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 3 : i64, source = "value"}]}, input_leaves = 1 : i64, results = 4 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "math"} {
    %c0 = arith.constant 0 : index
    %n = tensor.dim %x, %c0 : tensor<?xf32>
    %e = tensor.empty(%n) : tensor<?xf32>
    %r:4 = linalg.generic {indexing_maps = [affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>, affine_map<(d0)->(d0)>], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%e, %e, %e, %e : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
    ^bb0(%a: f32, %o: f32, %o1: f32, %o2: f32, %o3: f32):
      %p = math.exp %a : f32
      %q = math.tanh %a : f32
      %r = math.erf %a : f32
      %s = math.log %a : f32
      linalg.yield %p, %q, %r, %s : f32, f32, f32, f32
    } -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>)
    return %r#0, %r#1, %r#2, %r#3 : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
  }
}
