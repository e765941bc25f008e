//===- Library.cpp - opened libraries --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "library/Operators.h"

#include "base/Cpu.h"
#include "base/Futex.h"
#include "value/Api.h"

#include <dlfcn.h>
#include <sys/mman.h>

namespace ingot::rt {

static pthread_mutex_t librariesLock = PTHREAD_MUTEX_INITIALIZER;
static Library *libraries;

//===----------------------------------------------------------------------===//
// CPU variants
//===----------------------------------------------------------------------===//

static const char *variantName(int32_t variant, const ingot_abi_artifact &artifact) {
  switch (variant) {
  case INGOT_ABI_CPU_BASELINE:
    return "baseline";
  case INGOT_ABI_CPU_X86_64_V3:
    return "x86-64-v3";
  case INGOT_ABI_CPU_X86_64_V4:
    return "x86-64-v4";
  case INGOT_ABI_CPU_NATIVE:
    return artifact.cpu ? artifact.cpu : "native";
  default:
    return "unknown";
  }
}

/// Index of the best variant that this CPU runs.
static Status *chooseVariant(const ingot_abi_artifact &artifact, int32_t &chosen) {
  Text missing;
  chosen = -1;
  for (int32_t i = 0; i < artifact.n_variants; ++i) {
    int32_t variant = artifact.variants[i];
    bool fits = false;
    switch (variant) {
    case INGOT_ABI_CPU_BASELINE:
      fits = true;
      break;
    case INGOT_ABI_CPU_X86_64_V3:
    case INGOT_ABI_CPU_X86_64_V4:
      fits = cpuLevel() >= variant;
      if (!fits)
        missing << (missing.size() ? "; " : "") << variantName(variant, artifact);
      break;
    case INGOT_ABI_CPU_NATIVE: {
      Text features, variantCpu;
      const char *cpu = variantName(variant, artifact);
      variantCpu.add(cpu, strcspn(cpu, ";"));
      fits = cpuSupports(artifact.cpu, features);
      if (!fits)
        missing << (missing.size() ? "; " : "") << "a CPU like " << variantCpu.str() << " (missing: " << features.str()
                << ")";
      break;
    }
    default: // of a newer compiler
      break;
    }
    if (fits && (chosen < 0 || artifact.variants[chosen] < variant))
      chosen = i;
  }
  if (chosen >= 0)
    return nullptr;
  Text text;
  text << "this CPU (x86-64-v" << cpuLevel() << ") runs none of the library's code; it needs " << missing.str()
       << ". Compile with --cpu=portable";
  return makeStatus(INGOT_INCOMPATIBLE, text);
}

//===----------------------------------------------------------------------===//
// Life
//===----------------------------------------------------------------------===//

static Status *checkArtifact(const ingot_abi_artifact &artifact) {
  if (artifact.abi_major == INGOT_ABI_MAJOR && artifact.abi_minor <= INGOT_ABI_MINOR)
    return nullptr;
  Text text;
  text << "the library was compiled for ABI " << artifact.abi_major << "." << artifact.abi_minor
       << ", the runtime of this process has " << INGOT_ABI_MAJOR << "." << INGOT_ABI_MINOR;
  if (artifact.abi_major == INGOT_ABI_MAJOR)
    text << "; open the newest library first, or compile all with one ingotc";
  else
    text << "; compile it again";
  return makeStatus(INGOT_INCOMPATIBLE, text);
}

static void destroyLibrary(Library *library) {
  if (library->methods)
    for (int32_t i = 0; i < library->artifact->n_methods; ++i)
      destroyMethod(library->methods[i]);
  free(library->methods);
  if (library->mapping)
    munmap(library->mapping, library->artifact->constants_size);
  void *handle = library->handle;
  free(library);
  // Last: the artifact lies in it. This code does not: the elected runtime's
  // file stays loaded.
  if (handle)
    dlclose(handle);
}

static Status *createLibrary(const ingot_abi_artifact &artifact, Library **out) {
  if (Status *status = checkArtifact(artifact))
    return status;
  int32_t variant;
  if (Status *status = chooseVariant(artifact, variant))
    return status;
  auto *library = static_cast<Library *>(calloc(1, sizeof(Library)));
  if (!library)
    return outOfMemory();
  new (&library->refs) RefCount;
  library->artifact = &artifact;
  library->variant = variant;
  const char *cpu = variantName(artifact.variants[variant], artifact);
  memcpy(library->cpu, cpu, minOf(strcspn(cpu, ";"), sizeof library->cpu - 1));
  Status *status = nullptr;
  library->constants = artifact.constants;
  if (!artifact.constants && artifact.constants_file && artifact.constants_size) {
    status = mapConstants(artifact, library->mapping);
    library->constants = static_cast<const char *>(library->mapping);
  }
  if (!status) {
    library->methods = static_cast<Method *>(calloc(size_t(artifact.n_methods) + 1, sizeof(Method)));
    bool prepared = library->methods;
    for (int32_t i = 0; prepared && i < artifact.n_methods; ++i)
      prepared = prepareMethod(library->methods[i], artifact.methods[i], variant);
    if (!prepared)
      status = outOfMemory();
  }
  if (!status)
    status = registerLinked(artifact);
  if (status) {
    destroyLibrary(library);
    return status;
  }
  *out = library;
  return nullptr;
}

Status *libraryCreate(const void *artifact, void *handle, Library **out) {
  *out = nullptr;
  LockGuard guard(librariesLock);
  for (Library *library = libraries; library; library = library->next) {
    if (library->artifact != artifact)
      continue;
    library->refs.retain();
    if (library->handle && handle)
      dlclose(handle); // one is enough
    else if (handle)
      library->handle = handle;
    *out = library;
    return nullptr;
  }
  Library *library = nullptr;
  if (Status *status = createLibrary(*static_cast<const ingot_abi_artifact *>(artifact), &library))
    return status;
  // Operators are registered for good: a file that brought some stays loaded.
  library->handle = bringsOperators(*library->artifact) ? nullptr : handle;
  library->next = libraries;
  libraries = library;
  *out = library;
  return nullptr;
}

void libraryRetain(Library *library) { library->refs.retain(); }

void libraryRelease(Library *library) {
  {
    // Under the lock, as libraryCreate may find and retain it meanwhile.
    LockGuard guard(librariesLock);
    if (!library->refs.release())
      return;
    Library **at = &libraries;
    while (*at != library)
      at = &(*at)->next;
    *at = library->next;
  }
  destroyLibrary(library);
}

//===----------------------------------------------------------------------===//
// Facts
//===----------------------------------------------------------------------===//

void libraryInfo(const Library *library, ingot_library_info *out, size_t size) {
  const ingot_abi_artifact &artifact = *library->artifact;
  fillInfo(out, size,
           {artifact.producer, library->cpu, artifact.constants_size, artifact.abi_major, artifact.abi_minor,
            artifact.n_methods, artifact.n_states});
}

Status *libraryMethod(const Library *library, const char *name, const Method **out) {
  *out = nullptr;
  if (!name)
    return makeStatus(INGOT_INVALID_ARGUMENT, "the name is NULL");
  const ingot_abi_artifact &artifact = *library->artifact;
  for (int32_t i = 0; i < artifact.n_methods; ++i)
    if (strcmp(artifact.methods[i].name, name) == 0) {
      *out = &library->methods[i];
      return nullptr;
    }
  Text text;
  text << "no method '" << name << "'; the library has";
  for (int32_t i = 0; i < artifact.n_methods; ++i)
    text << (i ? ", '" : " '") << artifact.methods[i].name << "'";
  return makeStatus(INGOT_NOT_FOUND, text);
}

const Method *libraryMethodAt(const Library *library, size_t index) {
  return index < size_t(library->artifact->n_methods) ? &library->methods[index] : nullptr;
}

Status *libraryStateInfo(const Library *library, size_t index, ingot_state_info *out, size_t size) {
  if (index >= size_t(library->artifact->n_states)) {
    memset(out, 0, size);
    return makeStatus(INGOT_NOT_FOUND, "no such state");
  }
  const ingot_abi_state &state = library->artifact->states[index];
  fillInfo(out, size,
           {state.name, state.sizes, state.nbytes, state.dtype, state.rank, state.is_mutable, state.is_parameter});
  return nullptr;
}

} // namespace ingot::rt
