// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Hand-written methods of the linalg phase; numerics.py runs them.
#id1 = affine_map<(d0) -> (d0)>
#id2 = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#col = affine_map<(d0, d1) -> (d1)>
#t = affine_map<(d0, d1) -> (d1, d0)>
module {
  // x * 2 + 1
  func.func @scale(%x: tensor<?xf32>) -> tensor<?xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 0 : i64, source = "value"}, input_leaves = 1 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "scale"} {
    %c0 = arith.constant 0 : index
    %two = arith.constant 2.0 : f32
    %one = arith.constant 1.0 : f32
    %n = tensor.dim %x, %c0 : tensor<?xf32>
    %e = tensor.empty(%n) : tensor<?xf32>
    %r = linalg.generic {indexing_maps = [#id1, #id1], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %m = arith.mulf %a, %two : f32
      %s = arith.addf %m, %one : f32
      linalg.yield %s : f32
    } -> tensor<?xf32>
    return %r : tensor<?xf32>
  }
  // softmax over the last dimension
  func.func @softmax(%x: tensor<?x?xf32>) -> tensor<?x?xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808>, leaf = 0 : i64, source = "value"}, input_leaves = 1 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "softmax"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %ninf = arith.constant 0xFF800000 : f32
    %zero = arith.constant 0.0 : f32
    %n = tensor.dim %x, %c0 : tensor<?x?xf32>
    %m = tensor.dim %x, %c1 : tensor<?x?xf32>
    %e = tensor.empty(%n) : tensor<?xf32>
    %f = linalg.fill ins(%ninf : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
    %max = linalg.generic {indexing_maps = [#id2, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x?xf32>) outs(%f : tensor<?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %s = arith.maximumf %a, %o : f32
      linalg.yield %s : f32
    } -> tensor<?xf32>
    %e2 = tensor.empty(%n, %m) : tensor<?x?xf32>
    %ex = linalg.generic {indexing_maps = [#id2, #row, #id2], iterator_types = ["parallel", "parallel"]} ins(%x, %max : tensor<?x?xf32>, tensor<?xf32>) outs(%e2 : tensor<?x?xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %d = arith.subf %a, %b : f32
      %s = math.exp %d : f32
      linalg.yield %s : f32
    } -> tensor<?x?xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
    %sum = linalg.generic {indexing_maps = [#id2, #row], iterator_types = ["parallel", "reduction"]} ins(%ex : tensor<?x?xf32>) outs(%z : tensor<?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %s = arith.addf %a, %o : f32
      linalg.yield %s : f32
    } -> tensor<?xf32>
    %r = linalg.generic {indexing_maps = [#id2, #row, #id2], iterator_types = ["parallel", "parallel"]} ins(%ex, %sum : tensor<?x?xf32>, tensor<?xf32>) outs(%e2 : tensor<?x?xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %d = arith.divf %a, %b : f32
      linalg.yield %d : f32
    } -> tensor<?x?xf32>
    return %r : tensor<?x?xf32>
  }
  // sum over rows and a transposed copy plus x
  func.func @sumrows(%x: tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>) attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tuple", children = [{kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 0 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808>, leaf = 1 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808>, leaf = 2 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64>, leaf = 3 : i64, source = "value"}]}, input_leaves = 1 : i64, results = 4 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "sumrows"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %zero = arith.constant 0.0 : f32
    %n = tensor.dim %x, %c0 : tensor<?x?xf32>
    %m = tensor.dim %x, %c1 : tensor<?x?xf32>
    %e = tensor.empty(%m) : tensor<?xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
    %sum = linalg.generic {indexing_maps = [#id2, #col], iterator_types = ["reduction", "parallel"]} ins(%x : tensor<?x?xf32>) outs(%z : tensor<?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %s = arith.addf %a, %o : f32
      linalg.yield %s : f32
    } -> tensor<?xf32>
    %e2 = tensor.empty(%m, %n) : tensor<?x?xf32>
    %t = linalg.generic {indexing_maps = [#t, #id2], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x?xf32>) outs(%e2 : tensor<?x?xf32>) {
    ^bb0(%a: f32, %o: f32):
      linalg.yield %a : f32
    } -> tensor<?x?xf32>
    %neg = linalg.generic {indexing_maps = [#t, #id2], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x?xf32>) outs(%e2 : tensor<?x?xf32>) {
    ^bb0(%a: f32, %o: f32):
      %q = arith.negf %a : f32
      linalg.yield %q : f32
    } -> tensor<?x?xf32>
    %e0 = tensor.empty() : tensor<f32>
    %z0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<f32>) -> tensor<f32>
    %all = linalg.generic {indexing_maps = [#id2, affine_map<(d0, d1) -> ()>], iterator_types = ["reduction", "reduction"]} ins(%x : tensor<?x?xf32>) outs(%z0 : tensor<f32>) {
    ^bb0(%a: f32, %o: f32):
      %s = arith.addf %a, %o : f32
      linalg.yield %s : f32
    } -> tensor<f32>
    return %sum, %t, %neg, %all : tensor<?xf32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<f32>
  }
  // embedding
  func.func @embed(%ids: tensor<?x?xi64>, %table: tensor<?x48xf32>) -> tensor<?x?x48xf32> attributes {ingot.signature = {inputs = [{name = "ids", type = {kind = "tensor", dtype = 4 : i64, sizes = array<i64: -1, -2>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "table", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -3, 48>, leaf = 1 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808, 48>, leaf = 0 : i64, source = "value"}, input_leaves = 2 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s2", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "embed"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = tensor.dim %ids, %c0 : tensor<?x?xi64>
    %m = tensor.dim %ids, %c1 : tensor<?x?xi64>
    %e = tensor.empty(%n, %m) : tensor<?x?x48xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0,d1,d2)->(d0,d1)>, affine_map<(d0,d1,d2)->(d0,d1,d2)>], iterator_types = ["parallel","parallel","parallel"]} ins(%ids : tensor<?x?xi64>) outs(%e : tensor<?x?x48xf32>) {
    ^bb0(%a: i64, %o: f32):
      %i = arith.index_cast %a : i64 to index
      %j = linalg.index 2 : index
      %v = tensor.extract %table[%i, %j] : tensor<?x48xf32>
      linalg.yield %v : f32
    } -> tensor<?x?x48xf32>
    return %r : tensor<?x?x48xf32>
  }
  // pad [n,h,w,c] by 1,2 in h, w; then max pool 3x3 stride 2
  func.func @padpool(%x: tensor<?x?x?x5xf32>) -> (tensor<?x?x?x5xf32>, tensor<?x?x?x5xf32>) attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2, -3, 5>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tuple", children = [{kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808, -9223372036854775808, 5>, leaf = 0 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808, -9223372036854775808, 5>, leaf = 1 : i64, source = "value"}]}, input_leaves = 1 : i64, results = 2 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s2", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "padpool"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %z = arith.constant -1.0 : f32
    %p = tensor.pad %x low[0, 1, 2, 0] high[0, 3, 1, 0] {
    ^bb0(%i: index, %j: index, %k: index, %l: index):
      tensor.yield %z : f32
    } : tensor<?x?x?x5xf32> to tensor<?x?x?x5xf32>
    %n = tensor.dim %p, %c0 : tensor<?x?x?x5xf32>
    %h = tensor.dim %p, %c1 : tensor<?x?x?x5xf32>
    %w = tensor.dim %p, %c2 : tensor<?x?x?x5xf32>
    %hm = arith.subi %h, %c3 : index
    %hd = arith.divui %hm, %c2 : index
    %oh = arith.addi %hd, %c1 : index
    %wm = arith.subi %w, %c3 : index
    %wd = arith.divui %wm, %c2 : index
    %ow = arith.addi %wd, %c1 : index
    %ninf = arith.constant 0xFF800000 : f32
    %e = tensor.empty(%n, %oh, %ow) : tensor<?x?x?x5xf32>
    %f = linalg.fill ins(%ninf : f32) outs(%e : tensor<?x?x?x5xf32>) -> tensor<?x?x?x5xf32>
    %win = tensor.empty() : tensor<3x3xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(n,h,w,c,i,j)->(n,h*2+i,w*2+j,c)>, affine_map<(n,h,w,c,i,j)->(i,j)>, affine_map<(n,h,w,c,i,j)->(n,h,w,c)>], iterator_types = ["parallel","parallel","parallel","parallel","reduction","reduction"]} ins(%p, %win : tensor<?x?x?x5xf32>, tensor<3x3xf32>) outs(%f : tensor<?x?x?x5xf32>) {
    ^bb0(%a: f32, %b: f32, %o: f32):
      %s = arith.maximumf %a, %o : f32
      linalg.yield %s : f32
    } -> tensor<?x?x?x5xf32>
    return %p, %r : tensor<?x?x?x5xf32>, tensor<?x?x?x5xf32>
  }
  // concat along dim 1 by insert_slice; view results of the input
  func.func @concat(%x: tensor<?x?xf32>, %y: tensor<?x3xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>) attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "y", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -3, 3>, leaf = 1 : i64, source = "value"}, mutated = false}], output = {kind = "tuple", children = [{kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808>, leaf = 0 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808>, leaf = 1 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808>, leaf = 2 : i64, source = "value"}]}, input_leaves = 2 : i64, results = 3 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s2", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "concat"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %n = tensor.dim %x, %c0 : tensor<?x?xf32>
    %m = tensor.dim %x, %c1 : tensor<?x?xf32>
    %w = arith.addi %m, %c3 : index
    %e = tensor.empty(%n, %w) : tensor<?x?xf32>
    %a = tensor.insert_slice %x into %e[0, 0] [%n, %m] [1, 1] : tensor<?x?xf32> into tensor<?x?xf32>
    %b = tensor.insert_slice %y into %a[0, %m] [%n, 3] [1, 1] : tensor<?x3xf32> into tensor<?x?xf32>
    %e2 = tensor.empty(%m, %n) : tensor<?x?xf32>
    %t = linalg.transpose ins(%x : tensor<?x?xf32>) outs(%e2 : tensor<?x?xf32>) permutation = [1, 0]
    %s = tensor.extract_slice %b[0, 1] [%n, 2] [1, 2] : tensor<?x?xf32> to tensor<?x2xf32>
    %s2 = tensor.cast %s : tensor<?x2xf32> to tensor<?x?xf32>
    return %b, %t, %s2 : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>
  }
  // running sum with a loop: acc = acc * 0.5 + x[t]; all states stacked
  func.func @scan(%x: tensor<?x?xf32>) -> (tensor<?xf32>, tensor<?x?xf32>) attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2>, leaf = 0 : i64, source = "value"}, mutated = false}], output = {kind = "tuple", children = [{kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 0 : i64, source = "value"}, {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808>, leaf = 1 : i64, source = "value"}]}, input_leaves = 1 : i64, results = 2 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "scan"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %zero = arith.constant 0.0 : f32
    %half = arith.constant 0.5 : f32
    %n = tensor.dim %x, %c0 : tensor<?x?xf32>
    %m = tensor.dim %x, %c1 : tensor<?x?xf32>
    %e = tensor.empty(%m) : tensor<?xf32>
    %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
    %e2 = tensor.empty(%n, %m) : tensor<?x?xf32>
    %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %z, %out = %e2) -> (tensor<?xf32>, tensor<?x?xf32>) {
      %row = tensor.extract_slice %x[%i, 0] [1, %m] [1, 1] : tensor<?x?xf32> to tensor<?xf32>
      %e3 = tensor.empty(%m) : tensor<?xf32>
      %next = linalg.generic {indexing_maps = [#id1, #id1, #id1], iterator_types = ["parallel"]} ins(%row, %acc : tensor<?xf32>, tensor<?xf32>) outs(%e3 : tensor<?xf32>) {
      ^bb0(%a: f32, %b: f32, %o: f32):
        %h = arith.mulf %b, %half : f32
        %s = arith.addf %a, %h : f32
        linalg.yield %s : f32
      } -> tensor<?xf32>
      %o2 = tensor.insert_slice %next into %out[%i, 0] [1, %m] [1, 1] : tensor<?xf32> into tensor<?x?xf32>
      scf.yield %next, %o2 : tensor<?xf32>, tensor<?x?xf32>
    }
    return %r#0, %r#1 : tensor<?xf32>, tensor<?x?xf32>
  }
  // growing tensor in a loop: cat of x k times
  func.func @grow(%x: tensor<?xf32>, %k: i64) -> tensor<?xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "k", type = {kind = "int", leaf = 1 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 0 : i64, source = "value"}, input_leaves = 2 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "grow"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = tensor.dim %x, %c0 : tensor<?xf32>
    %ki = arith.index_cast %k : i64 to index
    %e = tensor.empty(%c0) : tensor<?xf32>
    %r = scf.for %i = %c0 to %ki step %c1 iter_args(%acc = %e) -> (tensor<?xf32>) {
      %a = tensor.dim %acc, %c0 : tensor<?xf32>
      %w = arith.addi %a, %n : index
      %e2 = tensor.empty(%w) : tensor<?xf32>
      %p = tensor.insert_slice %acc into %e2[0] [%a] [1] : tensor<?xf32> into tensor<?xf32>
      %q = tensor.insert_slice %x into %p[%a] [%n] [1] : tensor<?xf32> into tensor<?xf32>
      scf.yield %q : tensor<?xf32>
    }
    return %r : tensor<?xf32>
  }
  // if on a value; while; bool tensors
  func.func @branch(%x: tensor<?xf32>, %k: i64) -> (tensor<?xf32>, i64, tensor<?xi1>) attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "k", type = {kind = "int", leaf = 1 : i64, source = "value"}, mutated = false}], output = {kind = "tuple", children = [{kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808>, leaf = 0 : i64, source = "value"}, {kind = "int", leaf = 1 : i64, source = "value"}, {kind = "tensor", dtype = 11 : i64, sizes = array<i64: -9223372036854775808>, leaf = 2 : i64, source = "value"}]}, input_leaves = 2 : i64, results = 3 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "branch"} {
    %c0 = arith.constant 0 : index
    %i0 = arith.constant 0 : i64
    %i1 = arith.constant 1 : i64
    %two = arith.constant 2.0 : f32
    %zero = arith.constant 0.0 : f32
    %n = tensor.dim %x, %c0 : tensor<?xf32>
    %cond = arith.cmpi sgt, %k, %i0 : i64
    %r = scf.if %cond -> tensor<?xf32> {
      %e = tensor.empty(%n) : tensor<?xf32>
      %d = linalg.generic {indexing_maps = [#id1, #id1], iterator_types = ["parallel"]} ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) {
      ^bb0(%a: f32, %o: f32):
        %m = arith.mulf %a, %two : f32
        linalg.yield %m : f32
      } -> tensor<?xf32>
      scf.yield %d : tensor<?xf32>
    } else {
      scf.yield %x : tensor<?xf32>
    }
    %w:2 = scf.while (%i = %k, %t = %r) : (i64, tensor<?xf32>) -> (i64, tensor<?xf32>) {
      %c = arith.cmpi sgt, %i, %i0 : i64
      scf.condition(%c) %i, %t : i64, tensor<?xf32>
    } do {
    ^bb0(%i: i64, %t: tensor<?xf32>):
      %e = tensor.empty(%n) : tensor<?xf32>
      %d = linalg.generic {indexing_maps = [#id1, #id1, #id1], iterator_types = ["parallel"]} ins(%x, %t : tensor<?xf32>, tensor<?xf32>) outs(%e : tensor<?xf32>) {
      ^bb0(%a: f32, %b: f32, %o: f32):
        %m = arith.addf %a, %b : f32
        linalg.yield %m : f32
      } -> tensor<?xf32>
      %j = arith.subi %i, %i1 : i64
      scf.yield %j, %d : i64, tensor<?xf32>
    }
    %e = tensor.empty(%n) : tensor<?xi1>
    %b = linalg.generic {indexing_maps = [#id1, #id1], iterator_types = ["parallel"]} ins(%w#1 : tensor<?xf32>) outs(%e : tensor<?xi1>) {
    ^bb0(%a: f32, %o: i1):
      %m = arith.cmpf ogt, %a, %zero : f32
      linalg.yield %m : i1
    } -> tensor<?xi1>
    %count = tensor.dim %b, %c0 : tensor<?xi1>
    %ci = arith.index_cast %count : index to i64
    return %w#1, %ci, %b : tensor<?xf32>, i64, tensor<?xi1>
  }
  // broadcast bias, row/col
  func.func @bias(%x: tensor<?x?x32xf32>, %b: tensor<32xf32>, %s: tensor<?xf32>) -> tensor<?x?x32xf32> attributes {ingot.signature = {inputs = [{name = "x", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -1, -2, 32>, leaf = 0 : i64, source = "value"}, mutated = false}, {name = "b", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: 32>, leaf = 1 : i64, source = "value"}, mutated = false}, {name = "s", type = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -3>, leaf = 2 : i64, source = "value"}, mutated = false}], output = {kind = "tensor", dtype = 6 : i64, sizes = array<i64: -9223372036854775808, -9223372036854775808, 32>, leaf = 0 : i64, source = "value"}, input_leaves = 3 : i64, results = 1 : i64}, graph.symbols = [{name = "s0", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s1", min = 0 : i64, max = 9223372036854775807 : i64}, {name = "s2", min = 0 : i64, max = 9223372036854775807 : i64}], ingot.method = "bias"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %n = tensor.dim %x, %c0 : tensor<?x?x32xf32>
    %m = tensor.dim %x, %c1 : tensor<?x?x32xf32>
    %e = tensor.empty(%n, %m) : tensor<?x?x32xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(d0,d1,d2)->(d0,d1,d2)>, affine_map<(d0,d1,d2)->(d2)>, affine_map<(d0,d1,d2)->(d1)>, affine_map<(d0,d1,d2)->(d0,d1,d2)>], iterator_types = ["parallel","parallel","parallel"]} ins(%x, %b, %s : tensor<?x?x32xf32>, tensor<32xf32>, tensor<?xf32>) outs(%e : tensor<?x?x32xf32>) {
    ^bb0(%a: f32, %bb: f32, %ss: f32, %o: f32):
      %p = arith.addf %a, %bb : f32
      %q = arith.mulf %p, %ss : f32
      linalg.yield %q : f32
    } -> tensor<?x?x32xf32>
    return %r : tensor<?x?x32xf32>
  }
}
