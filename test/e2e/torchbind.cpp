//===- torchbind.cpp - a class of script objects for the tests --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What test_custom.py exports; operators.c has the same class in C.
#include <ATen/ATen.h>
#include <torch/custom_class.h>
#include <torch/library.h>
struct Counter : torch::CustomClassHolder {
  int64_t start, step;
  std::string name;
  Counter(int64_t a, int64_t b, std::string n) : start(a), step(b), name(n) {}
  int64_t next(int64_t by) {
    start += step * by;
    return start;
  }
  at::Tensor scaled(at::Tensor x) { return x * start; }
  std::string label(std::string s) { return name + s; }
};
TORCH_LIBRARY(demo_objects, m) {
  m.class_<Counter>("Counter")
      .def(torch::init<int64_t, int64_t, std::string>())
      .def("next", &Counter::next)
      .def("scaled", &Counter::scaled)
      .def("label", &Counter::label)
      .def("__obj_flatten__",
           [](const c10::intrusive_ptr<Counter> &c) {
             return std::make_tuple(std::make_tuple(std::string("start"), c->start),
                                    std::make_tuple(std::string("step"), c->step),
                                    std::make_tuple(std::string("name"), c->name));
           })
      .def_pickle([](const c10::intrusive_ptr<Counter> &c) { return std::make_tuple(c->start, c->step, c->name); },
                  [](std::tuple<int64_t, int64_t, std::string> s) {
                    return c10::make_intrusive<Counter>(std::get<0>(s), std::get<1>(s), std::get<2>(s));
                  });
  m.def("bump(__torch__.torch.classes.demo_objects.Counter c, Tensor x) -> Tensor");
}
at::Tensor bump(const c10::intrusive_ptr<Counter> &c, at::Tensor x) { return x + c->next(1); }
TORCH_LIBRARY_IMPL(demo_objects, CompositeExplicitAutograd, m) { m.impl("bump", bump); }
