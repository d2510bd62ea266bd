// Autocast: operators of the calling thread that may, such as matrix products, compute in a shorter floating-point type.
#include "shim.h"
#include "versions.h"

namespace {

class Autocast {
 public:
  Autocast(c10::DeviceType device, at::ScalarType type)
      : device_(device), enabled_before_(td::autocast_enabled(device)), type_before_(td::autocast_type(device)) {
    td::set_autocast(device, true, type);
    at::autocast::increment_nesting();
  }

  // Casts of weights are kept for the outermost scope, after which the weights may change.
  ~Autocast() {
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    td::set_autocast(device_, enabled_before_, type_before_);
  }

 private:
  c10::DeviceType device_;
  bool enabled_before_;
  at::ScalarType type_before_;
};

}  // namespace

// Scopes nest; the managed side ends them in reverse order, on the thread that began them.
TD_API int td_autocast_begin(int32_t device, int32_t type, Autocast** scope) {
  return td::guarded([&] {
    TORCH_CHECK(device == static_cast<int32_t>(c10::kCPU) || device == static_cast<int32_t>(c10::kCUDA), "autocast is for cpu and cuda");
    *scope = new Autocast(static_cast<c10::DeviceType>(device), static_cast<at::ScalarType>(type));
  });
}

TD_API int td_autocast_end(Autocast* scope) {
  return td::guarded([&] { delete scope; });
}
