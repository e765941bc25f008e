# What a library is: a dialect, a part of the compiler, a tool. Every part is an
# object library, so that `IngotCompiler`, one shared library, holds them all and
# the TorchScript plug-in and the tools see one copy of every TypeID.
# -O1: a compile spends its time in libMLIR and libLLVM; -O3 of our part doubles
# the build and is not measurable in ingotc.
set(INGOT_COMPILE_OPTIONS -O1 -fno-exceptions -Wall -Wextra -Wno-unused-parameter -fvisibility-inlines-hidden)
option(INGOT_PRECOMPILE "Parse MLIR's headers once a build, not once a file" OFF)
set_property(GLOBAL PROPERTY INGOT_COMPILER_OBJECTS)
set_property(GLOBAL PROPERTY INGOT_TABLEGEN_TARGETS)

# ingot_tablegen(<target> <td> <out> <generator-args...>...): one .td, several outputs:
#   ingot_tablegen(FooIncGen Foo.td OUT Foo.h.inc -gen-op-decls OUT Foo.cpp.inc -gen-op-defs)
macro(ingot_tablegen target td)
  set(LLVM_TARGET_DEFINITIONS ${td})
  set(_out "")
  set(_args "")
  foreach(_a ${ARGN})
    if(_a STREQUAL "OUT")
      if(_out)
        mlir_tablegen(${_out} ${_args} EXTRA_INCLUDES ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
      endif()
      set(_out "")
      set(_args "")
    elseif(NOT _out)
      set(_out ${_a})
    else()
      list(APPEND _args ${_a})
    endif()
  endforeach()
  if(_out)
    mlir_tablegen(${_out} ${_args} EXTRA_INCLUDES ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
  endif()
  add_public_tablegen_target(${target})
  set_property(GLOBAL APPEND PROPERTY INGOT_TABLEGEN_TARGETS ${target})
endmacro()

# ingot_add_library(<name> sources...): a part of the compiler. It depends on all
# generated headers of the rooms configured before it (dialects come first).
function(ingot_add_library name)
  add_library(${name} OBJECT ${ARGN})
  get_property(_gen GLOBAL PROPERTY INGOT_TABLEGEN_TARGETS)
  if(_gen)
    add_dependencies(${name} ${_gen})
  endif()
  target_compile_options(${name} PRIVATE ${INGOT_COMPILE_OPTIONS})
  if(INGOT_PRECOMPILE)
    if(NOT TARGET IngotPrecompiled)
      add_library(IngotPrecompiled OBJECT ${PROJECT_SOURCE_DIR}/cmake/Precompiled.cpp)
      target_compile_options(IngotPrecompiled PRIVATE ${INGOT_COMPILE_OPTIONS})
      target_precompile_headers(IngotPrecompiled PRIVATE ${PROJECT_SOURCE_DIR}/cmake/Precompiled.h)
    endif()
    target_precompile_headers(${name} REUSE_FROM IngotPrecompiled)
  endif()
  set_property(GLOBAL APPEND PROPERTY INGOT_COMPILER_OBJECTS $<TARGET_OBJECTS:${name}>)
endfunction()

# ingot_add_tool(<name> sources...): an executable over the compiler's library.
function(ingot_add_tool name)
  add_executable(${name} ${ARGN})
  get_property(_gen GLOBAL PROPERTY INGOT_TABLEGEN_TARGETS)
  add_dependencies(${name} ${_gen})
  target_compile_options(${name} PRIVATE -fno-exceptions -Wall -Wextra -Wno-unused-parameter)
  target_link_libraries(${name} PRIVATE IngotCompiler MLIR LLVM)
endfunction()
