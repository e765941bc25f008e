//===- Pool.cpp - the executor with worker threads -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loop stands on its caller's stack and is published in a slot of static
// memory. A worker enters a slot by counting itself in before it reads the
// slot's loop, and the caller takes the loop out before it reads that count;
// both sequentially consistent, so the caller leaves only when no worker can
// touch the loop. Chunks are taken from one counter; the caller takes part, and
// then waits for the workers inside: at its join it runs no other loop's chunk
// and no job, so a join is never longer than the loop.
//
// A worker looks for forks (its own, then others'), then for loops, then for
// started calls. A thread that sleeps in a wait is replaced meanwhile: there
// are `wanted` threads that work, and those with the highest numbers leave when
// the sleepers come back.
//
// Workers spin a bounded time, then park on the event count `epoch`: a
// publisher raises it after the work is visible, a worker reads it before its
// last look.
#include "base/Futex.h"
#include "base/Thread.h"
#include "task/Executor.h"
#include "task/Queues.h"

#include <sched.h>
#include <stdio.h>

// pthread_atfork itself is in glibc's static part, which a produced library is
// not linked with; this is what it calls.
extern "C" int __register_atfork(void (*prepare)(), void (*parent)(), void (*child)(), void *dsoHandle);

namespace ingot::rt {

namespace {

constexpr int64_t kSpinNs = 50000;
constexpr int kSlots = 32;
/// Chunks per thread: enough to even out uneven chunks.
constexpr int64_t kChunksPerThread = 4;
/// Threads that may stand in for sleeping ones. Waits finish without them.
constexpr int32_t kMaxSubstitutes = 256;

struct Loop {
  ingot_abi_kernel kernel;
  void *context;
  int64_t n, chunk;
  alignas(64) std::atomic<int64_t> next{0};

  bool exhausted() const { return next.load(std::memory_order_relaxed) >= n; }
  void work() {
    for (;;) {
      // Looks before it adds, so that late comers do not push the counter on.
      if (exhausted())
        return;
      int64_t begin = next.fetch_add(chunk, std::memory_order_relaxed);
      if (begin >= n)
        return;
      runChunk(kernel, context, begin, minOf(begin + chunk, n));
    }
  }
};

struct alignas(64) Slot {
  std::atomic<Loop *> loop{nullptr};
  std::atomic<uint32_t> inside{0};  // workers that may look at `loop`
  std::atomic<uint32_t> waiting{0}; // the caller sleeps on `inside`
};

class Pool final : public Executor {
public:
  void parallelFor(ingot_abi_kernel kernel, void *context, int64_t n, int64_t grain) override;
  void submit(Job *job) override;
  bool claim(Job *job) override;
  void taskQueued() override;
  bool beginBlocking();
  void endBlocking() { blocked.fetch_sub(1, std::memory_order_seq_cst); }
  int64_t spinTime() const { return spinNs.load(std::memory_order_relaxed); }

  int32_t threads() {
    int32_t count = wanted.load(std::memory_order_acquire);
    return INGOT_LIKELY(count != 0) ? count : initialise();
  }
  void resize(int32_t count);
  void afterFork();

private:
  INGOT_NOINLINE int32_t initialise();
  INGOT_NOINLINE void startWorkers(int32_t count);
  static void *threadMain(void *argument);
  void worker(int32_t index);
  /// Threads there should be, the caller included.
  int32_t size() const {
    int32_t count = wanted.load(std::memory_order_seq_cst);
    if (count == 1)
      return 1;
    return minOf(kMaxThreads, count + minOf(kMaxSubstitutes, blocked.load(std::memory_order_seq_cst)));
  }
  bool anyWork() const {
    return open.load(std::memory_order_seq_cst) || jobs.load(std::memory_order_seq_cst) || anyQueuedTask();
  }
  bool workOnLoop(int32_t index);
  bool runJob();
  Job *popJob();
  void leave(Slot &slot);
  void notify(int64_t helpers);
  int takeSlot();

  alignas(64) std::atomic<uint32_t> epoch{0};
  std::atomic<uint32_t> parked{0};
  alignas(64) std::atomic<uint32_t> open{0};  // bit per slot: has a loop to help with
  std::atomic<uint32_t> jobs{0};              // length of the queue
  alignas(64) std::atomic<uint32_t> taken{0}; // bit per slot
  Slot slots[kSlots];

  alignas(64) std::atomic<int32_t> wanted{0}; // threads, the caller included; 0: not asked yet
  std::atomic<int32_t> blocked{0};            // threads that sleep in a wait
  std::atomic<int32_t> started{0};            // workers that run, possibly beyond size()
  std::atomic<uint32_t> resizes{0};           // workers beyond size() sleep on it
  std::atomic<int64_t> spinNs{kSpinNs};
  bool pin = true;
  cpu_set_t cpuSet = {}; // that the process might use at its first loop or fork
  int cpuCount = 1;
  pthread_mutex_t startLock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_t queueLock = PTHREAD_MUTEX_INITIALIZER;
  Job *first = nullptr, *last = nullptr;
};

constinit Executor inlineInstance;
constinit Pool pool;

//===----------------------------------------------------------------------===//
// Size
//===----------------------------------------------------------------------===//

/// CPUs that this process may use, as a sorted list.
struct Cpus {
  cpu_set_t set;
  int count = 1;
  Cpus() {
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0)
      count = CPU_COUNT(&set);
    else
      CPU_SET(0, &set);
  }
};

int32_t clampThreads(int64_t count) { return int32_t(maxOf<int64_t>(1, minOf<int64_t>(count, kMaxThreads))); }

int32_t Pool::initialise() {
  LockGuard guard(startLock);
  if (int32_t count = wanted.load(std::memory_order_relaxed))
    return count;
  Cpus cpus;
  int cores = cpus.count;
  cpuSet = cpus.set;
  cpuCount = cores;
  int64_t count = cores;
  if (const char *text = getenv("INGOT_NUM_THREADS")) {
    char *end;
    long long given = strtoll(text, &end, 10);
    if (*text && !*end && given >= 1)
      count = given;
    else
      fprintf(stderr, "ingot: INGOT_NUM_THREADS is '%s', expected a number from 1 to %d\n", text, kMaxThreads);
  }
  const char *affinity = getenv("INGOT_AFFINITY");
  pin = !(affinity && strcmp(affinity, "0") == 0);
  if (count > cores) // spinning would keep the others from their work
    spinNs.store(0, std::memory_order_relaxed);
  wanted.store(clampThreads(count), std::memory_order_release);
  __register_atfork(nullptr, nullptr, [] { pool.afterFork(); }, nullptr);
  return clampThreads(count);
}

void Pool::resize(int32_t count) {
  threads();
  {
    LockGuard guard(startLock);
    wanted.store(count, std::memory_order_seq_cst);
    spinNs.store(count > Cpus().count ? 0 : kSpinNs, std::memory_order_relaxed);
  }
  resizes.fetch_add(1, std::memory_order_seq_cst);
  futexWake(resizes, kMaxThreads);
  notify(kMaxThreads); // those that are beyond the size now must not sleep on
                       // `epoch`
  if (count == 1)
    while (runJob())
      ;
}

/// The child of a fork has none of the workers; their work is gone with them.
void Pool::afterFork() {
  started.store(0, std::memory_order_relaxed);
  parked.store(0, std::memory_order_relaxed);
  open.store(0, std::memory_order_relaxed);
  taken.store(0, std::memory_order_relaxed);
  jobs.store(0, std::memory_order_relaxed);
  for (Slot &slot : slots) {
    slot.loop.store(nullptr, std::memory_order_relaxed);
    slot.inside.store(0, std::memory_order_relaxed);
    slot.waiting.store(0, std::memory_order_relaxed);
  }
  first = last = nullptr;
  blocked.store(0, std::memory_order_relaxed);
  forgetOtherTaskThreads();
  startLock = PTHREAD_MUTEX_INITIALIZER;
  queueLock = PTHREAD_MUTEX_INITIALIZER;
}

void Pool::startWorkers(int32_t count) {
  LockGuard guard(startLock);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  while (started.load(std::memory_order_relaxed) < count) {
    int32_t index = started.load(std::memory_order_relaxed);
    pthread_t thread;
    // With fewer threads than wished the caller does the work; try again later.
    if (pthread_create(&thread, &attributes, threadMain, reinterpret_cast<void *>(intptr_t(index))) != 0)
      break;
    char name[16];
    snprintf(name, sizeof name, "ingot-%u", unsigned(index + 1) % 10000u);
    pthread_setname_np(thread, name);
    started.store(index + 1, std::memory_order_release);
  }
  pthread_attr_destroy(&attributes);
}

//===----------------------------------------------------------------------===//
// Workers
//===----------------------------------------------------------------------===//

void *Pool::threadMain(void *argument) {
  auto index = int32_t(reinterpret_cast<intptr_t>(argument));
  // A woken worker tends to land on its waker's core and to wait there; so,
  // where the pool has the whole machine, workers stay on a core of their own.
  // Substitutes may run on any: a thread inherits its maker's only one.
  if (pool.pin && pool.threads() == pool.cpuCount) {
    cpu_set_t set = pool.cpuSet;
    int nth = index + 1;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &pool.cpuSet) && nth-- == 0) {
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
      }
    sched_setaffinity(0, sizeof set, &set);
  }
  pool.worker(index);
  return nullptr;
}

void Pool::worker(int32_t index) {
  TaskThread *tasks = taskThread(threadContext());
  for (;;) {
    uint32_t resized = resizes.load(std::memory_order_seq_cst);
    uint32_t seen = epoch.load(std::memory_order_seq_cst);
    if (index + 1 >= size()) {
      // What is in its own deque might be seen by nobody else.
      if (tasks && tasks->deque.last() && runQueuedTask(*tasks))
        continue;
      if (anyWork())
        notify(1); // the wake-up may have been for another
      // Apart from the others, or it would swallow their wake-ups.
      futexWait(resizes, resized);
      continue;
    }
    // Forks first: they are coarser, so two threads meet less often.
    if ((tasks && runQueuedTask(*tasks)) || workOnLoop(index) || runJob())
      continue;
    if (int64_t spin = spinTime()) {
      int64_t until = nowNs() + spin;
      bool found = false;
      do {
        for (int i = 0; i < 64 && !found; ++i) {
          cpuRelax();
          found = open.load(std::memory_order_relaxed) || jobs.load(std::memory_order_relaxed);
        }
        // Rarely: looking at a deque slows its owner.
        found = found || anyQueuedTask();
      } while (!found && nowNs() < until);
      if (found)
        continue;
    }
    parked.fetch_add(1, std::memory_order_seq_cst);
    if (!anyWork() && epoch.load(std::memory_order_seq_cst) == seen)
      futexWait(epoch, seen);
    parked.fetch_sub(1, std::memory_order_relaxed);
  }
}

void Pool::notify(int64_t helpers) {
  epoch.fetch_add(1, std::memory_order_seq_cst);
  if (parked.load(std::memory_order_seq_cst))
    futexWake(epoch, int(minOf<int64_t>(helpers, kMaxThreads)));
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

int Pool::takeSlot() {
  uint32_t bits = taken.load(std::memory_order_relaxed);
  for (;;) {
    if (bits == UINT32_MAX)
      return -1;
    int slot = __builtin_ctz(~bits);
    if (taken.compare_exchange_weak(bits, bits | 1u << slot, std::memory_order_acquire, std::memory_order_relaxed))
      return slot;
  }
}

void Pool::leave(Slot &slot) {
  if (slot.inside.fetch_sub(1, std::memory_order_seq_cst) == 1 && slot.waiting.load(std::memory_order_seq_cst))
    futexWake(slot.inside, 1);
}

bool Pool::workOnLoop(int32_t index) {
  uint32_t bits = open.load(std::memory_order_acquire);
  if (!bits)
    return false;
  // Each worker begins at another slot, so that several loops get help at once.
  uint32_t turn = uint32_t(index) % kSlots;
  bool worked = false;
  for (uint32_t i = 0; i < kSlots; ++i) {
    uint32_t at = (i + turn) % kSlots;
    if (!(bits >> at & 1))
      continue;
    Slot &slot = slots[at];
    slot.inside.fetch_add(1, std::memory_order_seq_cst);
    Loop *loop = slot.loop.load(std::memory_order_seq_cst);
    if (loop) {
      worked = !loop->exhausted();
      loop->work();
      // While this worker is inside, the slot holds this loop: nobody else need
      // come for it.
      open.fetch_and(~(1u << at), std::memory_order_relaxed);
    }
    leave(slot);
    if (worked)
      return true;
  }
  return false;
}

void Pool::parallelFor(ingot_abi_kernel kernel, void *context, int64_t n, int64_t grain) {
  if (n <= 0)
    return;
  int32_t count = threads();
  if (grain < 1)
    grain = 1;
  if (n <= grain || count == 1)
    return runChunk(kernel, context, 0, n);
  int at = takeSlot();
  if (at < 0) // as many loops at once as there are slots: all threads have work
    return runChunk(kernel, context, 0, n);
  if (INGOT_UNLIKELY(started.load(std::memory_order_acquire) < count - 1))
    startWorkers(count - 1);

  Loop loop{kernel, context, n, 0};
  int64_t parts = kChunksPerThread * count;
  loop.chunk = maxOf(grain, n / parts + (n % parts != 0));
  int64_t chunks = n / loop.chunk + (n % loop.chunk != 0);

  Slot &slot = slots[at];
  uint32_t bit = 1u << at;
  slot.loop.store(&loop, std::memory_order_seq_cst);
  open.fetch_or(bit, std::memory_order_seq_cst);
  notify(minOf<int64_t>(chunks, count) - 1);

  loop.work();

  open.fetch_and(~bit, std::memory_order_relaxed);
  slot.loop.store(nullptr, std::memory_order_seq_cst);
  int64_t until = 0;
  for (int i = 1; uint32_t inside = slot.inside.load(std::memory_order_seq_cst); ++i) {
    cpuRelax();
    if (i % 64)
      continue;
    int64_t now = nowNs();
    if (until == 0)
      until = now + spinNs.load(std::memory_order_relaxed);
    if (now < until)
      continue;
    slot.waiting.store(1, std::memory_order_seq_cst);
    inside = slot.inside.load(std::memory_order_seq_cst);
    if (inside)
      futexWait(slot.inside, inside);
    slot.waiting.store(0, std::memory_order_relaxed);
  }
  taken.fetch_and(~bit, std::memory_order_release);
}

//===----------------------------------------------------------------------===//
// Jobs
//===----------------------------------------------------------------------===//

void Pool::submit(Job *job) {
  int32_t count = threads();
  if (count > 1 && started.load(std::memory_order_acquire) < count - 1)
    startWorkers(count - 1);
  bool here;
  {
    LockGuard guard(queueLock);
    // Under the lock: resize(1) empties the queue after it changed `wanted`.
    here = wanted.load(std::memory_order_seq_cst) == 1 || started.load(std::memory_order_relaxed) == 0;
    if (!here) {
      job->queued = true;
      job->previous = last;
      job->next = nullptr;
      (last ? last->next : first) = job;
      last = job;
      jobs.fetch_add(1, std::memory_order_seq_cst);
    }
  }
  if (here)
    job->run(job);
  else
    notify(1);
}

bool Pool::claim(Job *job) {
  LockGuard guard(queueLock);
  if (!job->queued)
    return false;
  job->queued = false;
  (job->previous ? job->previous->next : first) = job->next;
  (job->next ? job->next->previous : last) = job->previous;
  jobs.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

Job *Pool::popJob() {
  if (jobs.load(std::memory_order_relaxed) == 0)
    return nullptr;
  LockGuard guard(queueLock);
  Job *job = first;
  if (!job)
    return nullptr;
  job->queued = false;
  first = job->next;
  (first ? first->previous : last) = nullptr;
  jobs.fetch_sub(1, std::memory_order_relaxed);
  return job;
}

//===----------------------------------------------------------------------===//
// Forks
//===----------------------------------------------------------------------===//

void Pool::taskQueued() {
  int32_t count = threads();
  if (INGOT_UNLIKELY(started.load(std::memory_order_acquire) < count - 1))
    startWorkers(count - 1);
  if (INGOT_UNLIKELY(parked.load(std::memory_order_seq_cst) != 0))
    notify(1);
}

bool Pool::beginBlocking() {
  if (threads() == 1)
    return false;
  blocked.fetch_add(1, std::memory_order_seq_cst);
  int32_t workers = size() - 1;
  if (started.load(std::memory_order_acquire) < workers)
    startWorkers(workers);
  resizes.fetch_add(1, std::memory_order_seq_cst);
  futexWake(resizes, kMaxThreads);
  return true;
}

//===----------------------------------------------------------------------===//
// Running jobs
//===----------------------------------------------------------------------===//

bool Pool::runJob() {
  Job *job = popJob();
  if (!job)
    return false;
  job->run(job);
  return true;
}

} // namespace

//===----------------------------------------------------------------------===//
// The process's executors
//===----------------------------------------------------------------------===//

Executor &executor() { return pool.threads() > 1 ? static_cast<Executor &>(pool) : inlineInstance; }
Executor &inlineExecutor() { return inlineInstance; }
Executor &poolExecutor() { return pool; }
bool beginBlocking() { return pool.beginBlocking(); }
void endBlocking() { pool.endBlocking(); }
int64_t spinTime() { return pool.spinTime(); }
int32_t numThreads() { return pool.threads(); }
void setNumThreads(int32_t count) { pool.resize(count); }

} // namespace ingot::rt
