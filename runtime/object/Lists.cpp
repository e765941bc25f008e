//===- Lists.cpp - functions over lists and tuples -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object/Declarations.h"
#include "object/Elements.h"

#include <algorithm>

namespace ingot::rt::object {

/// Position of `index`, wrapped; raises IndexError.
static bool locate(Call *call, const Object *list, int64_t &index) {
  if (index < 0)
    index += list->count;
  if (INGOT_LIKELY(index >= 0 && index < list->count))
    return true;
  raise(contextOf(call), "IndexError", "list index out of range");
  return false;
}

Object *list(Call *call, int64_t element) { return own(contextOf(call), newList(uint8_t(element), 0)); }
Object *tuple(Call *call, int64_t count) { return own(contextOf(call), newTuple(count)); }
void tuple_set(Call *, Object *object, int64_t index, Object *item) {
  auto *tuple = static_cast<Tuple *>(object);
  Object *old = tuple->items()[index];
  tuple->items()[index] = retain(item);
  if (old)
    release(old);
}
Object *tuple_get(Call *call, Object *object, int64_t index) {
  auto *tuple = static_cast<Tuple *>(object);
  if (INGOT_UNLIKELY(index >= tuple->count)) {
    raise(contextOf(call), "RuntimeError", "a tuple has fewer elements");
    return nullptr;
  }
  return own(contextOf(call), retain(tuple->items()[index]));
}

Slot list_get(Call *call, Object *object, int64_t index) {
  List &l = listOf(object);
  if (!locate(call, &l, index))
    return 0;
  return lend(contextOf(call), l.element, l.slots[index]);
}
void list_set(Call *call, Object *object, int64_t index, Slot slot) {
  List &l = listOf(object);
  if (!locate(call, &l, index))
    return;
  l.changed |= kChanged;
  retainSlot(l.element, slot);
  releaseSlot(l.element, l.slots[index]);
  l.slots[index] = slot;
}
void list_append(Call *call, Object *object, Slot slot) {
  List &l = listOf(object);
  l.changed |= kChanged;
  retainSlot(l.element, slot);
  if (INGOT_UNLIKELY(!push(l, slot)))
    fail(call);
}
void list_insert(Call *call, Object *object, int64_t index, Slot slot) {
  List &l = listOf(object);
  index = minOf(maxOf<int64_t>(index < 0 ? index + l.count : index, 0), l.count);
  l.changed |= kChanged;
  retainSlot(l.element, slot);
  if (!push(l, slot))
    return fail(call);
  std::rotate(l.slots + index, l.slots + l.count - 1, l.slots + l.count);
}
/// Takes element `index` out; the reference is the caller's.
static Slot take(List &l, int64_t index) {
  Slot slot = l.slots[index];
  memmove(l.slots + index, l.slots + index + 1, size_t(l.count - index - 1) * sizeof(Slot));
  --l.count;
  l.changed |= kChanged;
  return slot;
}
Slot list_pop(Call *call, Object *object, int64_t index) {
  List &l = listOf(object);
  if (!l.count) {
    raise(contextOf(call), "IndexError", "pop from empty list");
    return 0;
  }
  if (index < 0)
    index += l.count;
  if (index < 0 || index >= l.count) {
    raise(contextOf(call), "IndexError", "list index out of range");
    return 0;
  }
  Slot slot = take(l, index);
  return l.element == INGOT_ABI_SLOT_OBJECT ? slotOf(own(contextOf(call), objectOf(slot))) : slot;
}
void list_delete(Call *call, Object *object, int64_t index) {
  if (locate(call, object, index))
    releaseSlot(object->element, take(listOf(object), index));
}
/// As is_nonzero of a comparison: both tensors have one element. 3 when not: the call has failed.
static int compareTensors(Call *call, const Object *a, const Object *b) {
  const ingot_abi_tensor &x = static_cast<const TensorBox *>(a)->value->tensor;
  const ingot_abi_tensor &y = static_cast<const TensorBox *>(b)->value->tensor;
  int64_t m = countElements(x), n = countElements(y);
  if (INGOT_LIKELY(m == 1 && n == 1))
    return compareElements(x, y);
  raise(contextOf(call), "RuntimeError",
        m == 0 || n == 0 ? "Boolean value of Tensor with no values is ambiguous"
                         : "Boolean value of Tensor with more than one value is ambiguous");
  return 3;
}
/// Equality of elements: tensors by their values, where keys of dicts go by identity.
static bool equalElements(Call *call, uint8_t kind, Slot a, Slot b) {
  if (kind == INGOT_ABI_SLOT_OBJECT && objectOf(a)->kind == INGOT_TENSOR && objectOf(b)->kind == INGOT_TENSOR)
    return compareTensors(call, objectOf(a), objectOf(b)) == 0;
  return equalSlots(kind, a, b);
}
/// Position of an equal element, or -1; -2 when the call has failed.
static int64_t find(Call *call, const List &l, Slot slot) {
  for (int64_t i = 0; i < l.count; ++i) {
    if (equalElements(call, l.element, l.slots[i], slot))
      return i;
    if (contextOf(call).abi.failed)
      return -2;
  }
  return -1;
}
int64_t equal(Call *call, Object *a, Object *b) {
  if (a->kind != INGOT_LIST || b->kind != INGOT_LIST || a->count != b->count || a->element != b->element)
    return equalObjects(a, b);
  for (int64_t i = 0; i < a->count; ++i)
    if (!equalElements(call, a->element, listOf(a).slots[i], listOf(b).slots[i]))
      return 0;
  return 1;
}
void list_remove(Call *call, Object *object, Slot slot) {
  List &l = listOf(object);
  int64_t at = find(call, l, slot);
  if (at == -2)
    return;
  if (at < 0)
    return raise(contextOf(call), "RuntimeError", "list.remove(x): x not in list");
  releaseSlot(l.element, take(l, at));
}
int64_t list_index(Call *call, Object *object, Slot slot) {
  int64_t at = find(call, listOf(object), slot);
  if (at == -1) {
    Text text;
    text << "'";
    printSlot(text, object->element, slot);
    raise(contextOf(call), "RuntimeError", text << "' is not in list");
  }
  return at;
}
int64_t list_count(Call *call, Object *object, Slot slot) {
  const List &l = listOf(object);
  int64_t n = 0;
  for (int64_t i = 0; i < l.count; ++i)
    n += equalElements(call, l.element, l.slots[i], slot);
  return n;
}
int64_t list_contains(Call *call, Object *object, Slot slot) { return find(call, listOf(object), slot) >= 0; }

/// Appends `count` slots from `from`.
static bool appendAll(List &to, const List &from, int64_t count) {
  if (!reserve(to, to.count + count))
    return false;
  for (int64_t i = 0; i < count; ++i) {
    retainSlot(to.element, from.slots[i]);
    to.slots[to.count++] = from.slots[i];
  }
  return true;
}
void list_extend(Call *call, Object *object, Object *more) {
  object->changed |= kChanged;
  if (!appendAll(listOf(object), listOf(more), more->count))
    fail(call);
}
void list_clear(Call *, Object *object) {
  List &l = listOf(object);
  l.changed |= kChanged;
  for (int64_t i = 0; i < l.count; ++i)
    releaseSlot(l.element, l.slots[i]);
  l.count = 0;
}
void list_reverse(Call *, Object *object) {
  List &l = listOf(object);
  l.changed |= kChanged;
  std::reverse(l.slots, l.slots + l.count);
}
Object *list_copy(Call *call, Object *object) {
  List *copy = newList(object->element, object->count);
  return ownIf(call, copy && appendAll(*copy, listOf(object), object->count), copy);
}
Object *list_slice(Call *call, Object *object, int64_t start, int64_t end, int64_t step) {
  const List &l = listOf(object);
  int64_t count = sliceRange(call, l.count, start, end, step);
  if (count < 0)
    return nullptr;
  List *part = newList(l.element, count);
  for (int64_t i = 0; part && i < count; ++i) {
    Slot slot = l.slots[start + i * step];
    retainSlot(l.element, slot);
    part->slots[part->count++] = slot;
  }
  return ownIf(call, part, part);
}
Object *list_concat(Call *call, Object *a, Object *b) {
  List *both = newList(a->element, a->count + b->count);
  return ownIf(call, both && appendAll(*both, listOf(a), a->count) && appendAll(*both, listOf(b), b->count), both);
}
Object *list_repeat(Call *call, Object *object, int64_t times) {
  List *out = newList(object->element, 0);
  bool good = out;
  for (int64_t i = 0; good && i < times; ++i)
    good = appendAll(*out, listOf(object), object->count);
  return ownIf(call, good, out);
}
void list_repeat_in_place(Call *call, Object *object, int64_t times) {
  int64_t count = object->count;
  if (times <= 0)
    return list_clear(call, object);
  object->changed |= kChanged;
  for (int64_t i = 1; i < times; ++i)
    if (!appendAll(listOf(object), listOf(object), count))
      return fail(call);
}

/// Merge sort: stable, and whatever the order says of NaNs, inside the array.
template <typename Less>
static bool sortSlots(Slot *slots, int64_t count, Less less) {
  if (count < 2)
    return true;
  auto size = size_t(count) * sizeof(Slot);
  auto *other = static_cast<Slot *>(allocateBlock(size));
  if (!other)
    return false;
  Slot *from = slots, *to = other;
  for (int64_t width = 1; width < count; width *= 2) {
    for (int64_t low = 0; low < count; low += 2 * width) {
      int64_t middle = minOf(low + width, count), high = minOf(low + 2 * width, count);
      std::merge(from + low, from + middle, from + middle, from + high, to + low, less);
    }
    std::swap(from, to);
  }
  if (from != slots)
    memcpy(slots, from, size);
  freeBlock(other, size);
  return true;
}
/// Of two objects of one type.
static int order(Call *call, const Object *a, const Object *b) {
  if (a->kind == INGOT_STRING && b->kind == INGOT_STRING)
    return compareStrings(*static_cast<const String *>(a), *static_cast<const String *>(b));
  if (a->kind == INGOT_TUPLE && b->kind == INGOT_TUPLE) {
    auto *x = static_cast<Tuple *>(const_cast<Object *>(a));
    auto *y = static_cast<Tuple *>(const_cast<Object *>(b));
    for (int64_t i = 0; i < minOf(a->count, b->count); ++i)
      if (!equalObjects(x->items()[i], y->items()[i]))
        return order(call, x->items()[i], y->items()[i]);
    return a->count < b->count ? -1 : a->count > b->count;
  }
  if (a->kind == INGOT_TENSOR && b->kind == INGOT_TENSOR)
    return a == b ? 0 : compareTensors(call, a, b) % 2;
  auto *x = static_cast<const Number *>(a), *y = static_cast<const Number *>(b);
  if (a->kind == INGOT_FLOAT && b->kind == INGOT_FLOAT)
    return x->real < y->real ? -1 : x->real > y->real;
  if (a->kind == b->kind && (a->kind == INGOT_INT || a->kind == INGOT_BOOL))
    return x->integer < y->integer ? -1 : x->integer > y->integer;
  if (!contextOf(call).abi.failed) {
    Text text;
    raise(contextOf(call), "RuntimeError",
          text << "values of type " << kindName(a->kind) << " have no order that is compiled");
  }
  return 0;
}
int64_t compare(Call *call, Object *a, Object *b) { return order(call, a, b); }

void list_sort(Call *call, Object *object, int64_t descending) {
  List &l = listOf(object);
  l.changed |= kChanged;
  auto sorted = [&](auto less) {
    auto back = [&](Slot a, Slot b) { return less(b, a); };
    if (!(descending ? sortSlots(l.slots, l.count, back) : sortSlots(l.slots, l.count, less)))
      fail(call);
  };
  if (l.element == INGOT_ABI_SLOT_FLOAT)
    sorted([](Slot a, Slot b) { return realOf(a) < realOf(b); });
  else if (l.element != INGOT_ABI_SLOT_OBJECT)
    sorted([](Slot a, Slot b) { return a < b; });
  else
    sorted([&](Slot a, Slot b) { return order(call, objectOf(a), objectOf(b)) < 0; });
}

Slot list_sum(Call *, Object *object) {
  const List &l = listOf(object);
  if (l.element == INGOT_ABI_SLOT_FLOAT) {
    double sum = 0;
    for (int64_t i = 0; i < l.count; ++i)
      sum += realOf(l.slots[i]);
    return slotOf(sum);
  }
  uint64_t sum = 0;
  for (int64_t i = 0; i < l.count; ++i)
    sum += uint64_t(l.slots[i]);
  return Slot(sum);
}
Slot list_extreme(Call *call, Object *object, int64_t largest) {
  const List &l = listOf(object);
  if (!l.count) {
    raise(contextOf(call), "RuntimeError",
          largest ? "max() arg is an empty sequence" : "min() arg is an empty sequence");
    return 0;
  }
  Slot best = l.slots[0];
  for (int64_t i = 1; i < l.count; ++i) {
    Slot next = l.slots[i];
    bool less = l.element == INGOT_ABI_SLOT_FLOAT ? realOf(next) < realOf(best) : next < best;
    bool more = l.element == INGOT_ABI_SLOT_FLOAT ? realOf(next) > realOf(best) : next > best;
    if (largest ? more : less)
      best = next;
  }
  return best;
}
/// The smaller or larger of two lists, by their elements in order.
Object *list_pick(Call *, Object *a, Object *b, int64_t largest) {
  const List &x = listOf(a), &y = listOf(b);
  auto less = [&](Slot p, Slot q) { return x.element == INGOT_ABI_SLOT_FLOAT ? realOf(p) < realOf(q) : p < q; };
  int64_t common = minOf(x.count, y.count);
  for (int64_t i = 0; i < common; ++i) {
    if (equalSlots(x.element, x.slots[i], y.slots[i]))
      continue;
    return less(x.slots[i], y.slots[i]) != bool(largest) ? a : b;
  }
  bool shorter = x.count < y.count;
  return largest ? (shorter ? b : a) : (shorter ? a : b);
}
static bool truth(uint8_t kind, Slot slot) {
  if (kind == INGOT_ABI_SLOT_FLOAT)
    return realOf(slot) != 0;
  if (kind != INGOT_ABI_SLOT_OBJECT)
    return slot != 0;
  return objectOf(slot)->count != 0; // strings
}
int64_t list_any(Call *, Object *object) {
  const List &l = listOf(object);
  for (int64_t i = 0; i < l.count; ++i)
    if (truth(l.element, l.slots[i]))
      return 1;
  return 0;
}
int64_t list_all(Call *, Object *object) {
  const List &l = listOf(object);
  for (int64_t i = 0; i < l.count; ++i)
    if (!truth(l.element, l.slots[i]))
      return 0;
  return 1;
}
Object *list_range(Call *call, int64_t count) {
  List *out = newList(INGOT_ABI_SLOT_INT, maxOf<int64_t>(count, 0));
  for (int64_t i = 0; out && i < count; ++i)
    out->slots[out->count++] = i;
  return ownIf(call, out, out);
}
void expect_length(Call *call, Object *object, int64_t count) {
  if (object->count == count)
    return;
  Text text;
  raise(contextOf(call), "RuntimeError",
        text << "Expected " << count << " elements in a list but found " << object->count);
}

int64_t sliceRange(Call *call, int64_t size, int64_t &start, int64_t &end, int64_t &step) {
  if (step == 0) {
    raise(contextOf(call), "RuntimeError", "slice step cannot be zero");
    return -1;
  }
  step = maxOf<int64_t>(step, -INT64_MAX);
  bool forward = step > 0;
  int64_t low = forward ? 0 : -1, high = forward ? size : size - 1;
  auto clamp = [&](int64_t bound, int64_t open) {
    if (bound == INGOT_ABI_OPEN)
      return open;
    if (bound < 0)
      bound += size;
    return bound < low ? low : bound > high ? high : bound;
  };
  start = clamp(start, forward ? 0 : size - 1);
  end = clamp(end, forward ? size : -1);
  if (forward)
    return start < end ? (end - start - 1) / step + 1 : 0;
  return start > end ? (start - end - 1) / -step + 1 : 0;
}

} // namespace ingot::rt::object
