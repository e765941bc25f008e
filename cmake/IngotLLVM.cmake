# Finds MLIR, LLVM and LLD 22.1, the shared libraries of Debian's packages.
# Static MLIR together with the TorchScript plug-in would put two copies of MLIR
# into one process, and their TypeIDs would differ: only the shared ones are used.
set(INGOT_LLVM_PREFIX /usr/lib/llvm-22 CACHE PATH "Prefix of LLVM 22")
find_package(MLIR 22.1 REQUIRED CONFIG PATHS ${INGOT_LLVM_PREFIX}/lib/cmake/mlir NO_DEFAULT_PATH)
find_package(LLD 22.1 REQUIRED CONFIG PATHS ${INGOT_LLVM_PREFIX}/lib/cmake/lld NO_DEFAULT_PATH)
list(APPEND CMAKE_MODULE_PATH ${LLVM_CMAKE_DIR} ${MLIR_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS} ${LLD_INCLUDE_DIRS})
include_directories(${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/include ${PROJECT_BINARY_DIR})
add_definitions(${LLVM_DEFINITIONS})
