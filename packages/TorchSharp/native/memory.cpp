// How much memory tensors take between two calls: libtorch reports each allocation to an observer of the thread, also from its backward threads.
#include "shim.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <atomic>
#include <memory>
#include <vector>

namespace {

class MemoryMeter final : public c10::MemoryReportingInfoBase {
 public:
  // The totals are int64_t in libtorch 1.x and size_t in 2.x; the one that is virtual there is called.
  void reportMemoryUsage(void*, int64_t bytes, int64_t, int64_t, c10::Device) { add(bytes); }
  void reportMemoryUsage(void*, int64_t bytes, size_t, size_t, c10::Device) { add(bytes); }
  bool memoryProfilingEnabled() const override { return true; }

  std::atomic<int64_t> current{0}, peak{0};

 private:
  void add(int64_t bytes) {
    int64_t now = current += bytes;
    for (int64_t seen = peak; now > seen && !peak.compare_exchange_weak(seen, now);) {
    }
  }
};

struct Measurement {
  std::shared_ptr<MemoryMeter> meter = std::make_shared<MemoryMeter>();
  c10::DebugInfoGuard guard{c10::DebugInfoKind::PROFILER_STATE, meter};
};

thread_local std::vector<std::unique_ptr<Measurement>> running;

}  // namespace

// Measurements nest; the inner one hides its allocations from the outer.
TD_API int td_memory_begin() {
  return td::guarded([] { running.push_back(std::make_unique<Measurement>()); });
}

// Bytes above those at the beginning: the most at any time, and now.
TD_API int td_memory_end(int64_t* peak, int64_t* current) {
  return td::guarded([&] {
    TORCH_CHECK(!running.empty(), "no measurement of memory has begun on this thread");
    *peak = running.back()->meter->peak;
    *current = running.back()->meter->current;
    running.pop_back();
  });
}
