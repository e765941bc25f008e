//===- Operators.cpp - the registry of custom operators --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing is ever taken out of the lists: they are read without a lock.
#include "library/Operators.h"

#include "base/Futex.h"
#include "library/Election.h"

namespace ingot::rt {

namespace {
struct Class {
  ingot_class description;
  Class *next;
};
} // namespace

static pthread_mutex_t registryLock = PTHREAD_MUTEX_INITIALIZER;
static CustomOperator *operators;
static Class *classes;
/// While a library's own operators are registered: another library may have
/// brought the same ones.
static thread_local bool linked;

//===----------------------------------------------------------------------===//
// Schemas
//===----------------------------------------------------------------------===//

static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n'; }
static bool isDigit(char c) { return c >= '0' && c <= '9'; }

namespace {
/// Reads the results of a schema.
class ResultReader {
public:
  explicit ResultReader(const char *text) : at(text) {}

  bool read(const ingot_abi_type *&results, size_t &count) {
    Array<ingot_abi_type> list;
    bool good = take('(') ? readList(list, ')') : readOne(list);
    skip();
    good &= own(list) && !*at;
    results = list.data;
    count = list.size;
    return good;
  }
  /// What was read is in use for good from here on.
  void keep() { nodes.destroy(); }
  ~ResultReader() {
    for (void *node : nodes)
      free(node);
    nodes.destroy();
  }

private:
  const char *at;
  Array<void *> nodes;

  bool own(Array<ingot_abi_type> &list) {
    if (!list.data || nodes.push(list.data))
      return true;
    list.destroy();
    return false;
  }

  void skip() {
    while (isSpace(*at))
      ++at;
  }
  bool take(char c) {
    skip();
    if (*at != c)
      return false;
    ++at;
    return true;
  }
  static bool isWord(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
  }

  bool readOne(Array<ingot_abi_type> &list) {
    ingot_abi_type type = {};
    bool aliased = false;
    if (!readType(type, aliased))
      return false;
    // A name is allowed, and says nothing.
    skip();
    while (isWord(*at))
      ++at;
    if (aliased)
      type.kind = INGOT_ABI_KIND_NONE;
    return list.push(type);
  }
  bool readList(Array<ingot_abi_type> &list, char end) {
    if (take(end))
      return true;
    do
      if (!readOne(list))
        return false;
    while (take(','));
    return take(end);
  }
  bool wrap(ingot_abi_type &type, int32_t kind) {
    Array<ingot_abi_type> child;
    if (!child.push(type) || !own(child))
      return false;
    type = {};
    type.kind = kind;
    type.n_children = 1;
    type.children = child.data;
    return true;
  }
  bool readType(ingot_abi_type &type, bool &aliased) {
    skip();
    type.leaf_source = INGOT_ABI_LEAF_OBJECT;
    if (take('(')) {
      Array<ingot_abi_type> parts;
      bool good = readList(parts, ')');
      if (!own(parts) || !good)
        return false;
      type.kind = INGOT_ABI_KIND_TUPLE;
      type.children = parts.data;
      type.n_children = int32_t(parts.size);
    } else {
      const char *begin = at;
      while (isWord(*at))
        ++at;
      if (!named(begin, size_t(at - begin), type))
        return false;
    }
    while (true) {
      if (take('?')) {
        if (!wrap(type, INGOT_ABI_KIND_OPTIONAL))
          return false;
      } else if (take('[')) {
        while (isDigit(*at))
          ++at;
        if (!take(']') || !wrap(type, INGOT_ABI_KIND_LIST))
          return false;
      } else if (take('(')) {
        aliased = true;
        while (*at && *at != ')')
          ++at;
        if (!take(')'))
          return false;
      } else {
        return true;
      }
    }
  }
  bool named(const char *name, size_t size, ingot_abi_type &type) {
    static constexpr struct {
      const char *name;
      int32_t kind;
    } kinds[] = {
        {"Tensor", INGOT_ABI_KIND_TENSOR}, {"int", INGOT_ABI_KIND_INT},          {"SymInt", INGOT_ABI_KIND_INT},
        {"float", INGOT_ABI_KIND_FLOAT},   {"bool", INGOT_ABI_KIND_BOOL},        {"complex", INGOT_ABI_KIND_COMPLEX},
        {"str", INGOT_ABI_KIND_STRING},    {"ScalarType", INGOT_ABI_KIND_DTYPE}, {"Device", INGOT_ABI_KIND_DEVICE},
        {"Scalar", INGOT_ABI_KIND_ANY},    {"Any", INGOT_ABI_KIND_ANY},          {"NoneType", INGOT_ABI_KIND_ANY}};
    for (const auto &known : kinds)
      if (strlen(known.name) == size && memcmp(known.name, name, size) == 0) {
        type.kind = known.kind;
        return true;
      }
    if (size == 4 && memcmp(name, "Dict", 4) == 0 && take('(')) {
      Array<ingot_abi_type> parts;
      bool good = readList(parts, ')');
      if (!own(parts) || !good || parts.size != 2)
        return false;
      type.kind = INGOT_ABI_KIND_DICT;
      type.children = parts.data;
      type.n_children = 2;
      return true;
    }
    // A class: what it is, the value says.
    type.kind = INGOT_ABI_KIND_ANY;
    return size > 10 && memcmp(name, "__torch__.", 10) == 0;
  }
};
} // namespace

/// Whether both are one text but for spaces.
static bool sameText(const char *a, size_t sizeA, const char *b, size_t sizeB) {
  const char *endA = a + sizeA, *endB = b + sizeB;
  while (true) {
    while (a < endA && isSpace(*a))
      ++a;
    while (b < endB && isSpace(*b))
      ++b;
    if (a == endA || b == endB)
      return a == endA && b == endB;
    if (*a++ != *b++)
      return false;
  }
}

static size_t nameSizeOf(const char *schema, size_t size) {
  size_t n = 0;
  while (n < size && schema[n] != '(' && !isSpace(schema[n]))
    ++n;
  return n;
}

static const CustomOperator *findByName(const char *name, size_t size) {
  for (const CustomOperator *o = __atomic_load_n(&operators, __ATOMIC_ACQUIRE); o; o = o->next)
    if (o->nameSize == size && memcmp(o->schema, name, size) == 0)
      return o;
  return nullptr;
}

const CustomOperator *findOperator(const char *schema, size_t size) {
  const CustomOperator *o = findByName(schema, nameSizeOf(schema, size));
  return o && sameText(o->schema, strlen(o->schema), schema, size) ? o : nullptr;
}

const ingot_class *findClass(const char *name, size_t size) {
  for (const Class *c = __atomic_load_n(&classes, __ATOMIC_ACQUIRE); c; c = c->next)
    if (strlen(c->description.name) == size && memcmp(c->description.name, name, size) == 0)
      return &c->description;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Registering
//===----------------------------------------------------------------------===//

static char *copyText(const char *text) {
  size_t size = strlen(text) + 1;
  auto *copy = static_cast<char *>(malloc(size));
  if (copy)
    memcpy(copy, text, size);
  return copy;
}

Status *registerOperator(const char *schema, ingot_operator_fn function, void *context) {
  Text text;
  if (!schema || !function)
    return makeStatus(INGOT_INVALID_ARGUMENT, "an operator needs a schema and a function");
  size_t size = strlen(schema), nameSize = nameSizeOf(schema, size);
  const char *arrow = nullptr;
  for (const char *next = schema; (next = strstr(next, "->")); next += 2)
    arrow = next; // aliases have arrows of their own: "(a -> *)"
  const char *colons = strstr(schema, "::");
  const ingot_abi_type *results = nullptr;
  size_t resultCount = 0;
  ResultReader reader(arrow ? arrow + 2 : "");
  if (!arrow || !colons || colons == schema || size_t(colons - schema) + 2 >= nameSize ||
      !reader.read(results, resultCount))
    return makeStatus(INGOT_INVALID_ARGUMENT, text << "no schema of an operator: '" << schema
                                                   << "'; expected space::name(TYPE NAME, ...) -> RESULTS");
  LockGuard guard(registryLock);
  if (const CustomOperator *known = findByName(schema, nameSize)) {
    if (linked && sameText(known->schema, strlen(known->schema), schema, size))
      return nullptr;
    return makeStatus(INGOT_INVALID_ARGUMENT, text << "operator '" << known->schema << "' is registered already");
  }
  auto *added = static_cast<CustomOperator *>(malloc(sizeof(CustomOperator)));
  char *copy = copyText(schema);
  if (!added || !copy) {
    free(added);
    free(copy);
    return outOfMemory();
  }
  *added = {copy, nameSize, function, context, results, resultCount, operators};
  reader.keep();
  __atomic_store_n(&operators, added, __ATOMIC_RELEASE);
  return nullptr;
}

Status *registerClass(const ingot_class *given) {
  Text text;
  ingot_class description = {};
  if (given)
    memcpy(&description, given, minOf(given->size, sizeof description));
  if (!description.name || !strstr(description.name, "::") || !description.create)
    return makeStatus(INGOT_INVALID_ARGUMENT,
                      "a class needs a name, space::Class, and a function that creates objects");
  LockGuard guard(registryLock);
  if (findClass(description.name, strlen(description.name)))
    return linked
               ? nullptr
               : makeStatus(INGOT_INVALID_ARGUMENT, text << "class '" << description.name << "' is registered already");
  auto *added = static_cast<Class *>(malloc(sizeof(Class)));
  description.name = copyText(description.name);
  if (!added || !description.name) {
    free(added);
    free(const_cast<char *>(description.name));
    return outOfMemory();
  }
  *added = {description, classes};
  __atomic_store_n(&classes, added, __ATOMIC_RELEASE);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// What libraries need
//===----------------------------------------------------------------------===//

static constexpr char classPrefix[] = "class ";

Status *registerLinked(const ingot_abi_artifact &artifact) {
  if (!bringsOperators(artifact))
    return nullptr;
  linked = true;
  auto *status = static_cast<Status *>(artifact.register_operators(&apiTable));
  linked = false;
  return status;
}

Status *checkOperators(const ingot_abi_artifact &artifact) {
  if (artifact.abi_minor < 5)
    return nullptr;
  Text text;
  int32_t missing = 0;
  for (int32_t i = 0; i < artifact.n_operators; ++i) {
    const char *needed = artifact.operators[i];
    if (strncmp(needed, classPrefix, sizeof classPrefix - 1) == 0) {
      const char *name = needed + sizeof classPrefix - 1;
      if (findClass(name, strlen(name)))
        continue;
    } else if (findOperator(needed, strlen(needed))) {
      continue;
    }
    text << (missing++ ? "; " : "the library needs custom operators that are not registered: ") << needed;
    if (const CustomOperator *other = findByName(needed, nameSizeOf(needed, strlen(needed))))
      text << " (registered is " << other->schema << ")";
  }
  if (!missing)
    return nullptr;
  text << ". Register them before an instance is created: ingot_register_operator, ingot-run --operators LIB.so";
  return makeStatus(INGOT_NOT_FOUND, text);
}

const char *libraryOperator(const Library *library, size_t index) {
  const ingot_abi_artifact &artifact = *library->artifact;
  return artifact.abi_minor >= 5 && index < size_t(artifact.n_operators) ? artifact.operators[index] : nullptr;
}

//===----------------------------------------------------------------------===//
// Script objects
//===----------------------------------------------------------------------===//

static Status *noClass(const char *name) {
  Text text;
  return makeStatus(INGOT_NOT_FOUND, text << "no class '" << (name ? name : "") << "' is registered");
}

Status *scriptObjectCreate(const char *className, void *object, Value **out) {
  *out = nullptr;
  const ingot_class *known = className ? findClass(className, strlen(className)) : nullptr;
  if (!known)
    return noClass(className);
  Value *value = allocateValue(INGOT_SCRIPT_OBJECT);
  if (!value)
    return outOfMemory();
  value->scriptObject = object;
  value->scriptClass = known;
  *out = value;
  return nullptr;
}

Status *scriptObjectGet(const Value *value, const char *className, void **out) {
  *out = nullptr;
  if (value && value->kind == INGOT_SCRIPT_OBJECT && className && strcmp(value->scriptClass->name, className) == 0) {
    *out = value->scriptObject;
    return nullptr;
  }
  Text text;
  text << "expected an object of class " << (className ? className : "(null)") << ", found ";
  if (value)
    describeValue(value, text);
  else
    text << "NULL";
  return makeStatus(INGOT_INVALID_ARGUMENT, text);
}

static Status *cloneScriptObject(const Value *value, Value **out) {
  const ingot_class &known = *value->scriptClass;
  if (!known.get_state) {
    Text text;
    return makeStatus(INGOT_UNSUPPORTED,
                      text << "an object of class " << known.name << " cannot be copied: the class has no get_state");
  }
  Value *state = nullptr;
  void *object = nullptr;
  Status *status = known.get_state(known.context, value->scriptObject, &state);
  if (!status)
    status = known.create(known.context, state, &object);
  if (state)
    releaseValue(state);
  if (status)
    return status;
  status = scriptObjectCreate(known.name, object, out);
  if (status && known.destroy)
    known.destroy(known.context, object);
  return status;
}

Status *copyScriptObjects(Instance &to, const Instance &from) {
  for (size_t i = 0; i < from.scriptObjects.size; ++i) {
    Value *copy = nullptr;
    if (from.scriptObjects[i])
      if (Status *status = cloneScriptObject(from.scriptObjects[i], &copy))
        return status;
    if (!to.scriptObjects.push(copy)) {
      if (copy)
        releaseValue(copy);
      return outOfMemory();
    }
  }
  return nullptr;
}

void releaseScriptObjects(Instance &instance) {
  for (Value *value : instance.scriptObjects)
    if (value)
      releaseValue(value);
  instance.scriptObjects.destroy();
}

} // namespace ingot::rt
