// The C boundary between TorchSharp's managed side and libtorch.
//
// A tensor crosses as an owned TensorImpl* (one reference held by the managed wrapper). Every function that can fail returns
// 0 or 1; on 1 td_last_error() holds libtorch's message for this thread. No C++ exception leaves this library.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <exception>
#include <string>

#define TD_API extern "C" __attribute__((visibility("default")))

using Handle = c10::TensorImpl*;

namespace td {

std::string& last_error();

// A tensor that shares the wrapper's TensorImpl (adds a reference while it lives). A null handle is an undefined tensor.
inline at::Tensor borrow(Handle handle) {
  if (handle == nullptr) return {};
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

// Hands the tensor's reference to the managed side; null where it is undefined.
inline Handle release(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

template <class Body>
int guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    last_error() = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error() = error.what();
  } catch (...) {
    last_error() = "unknown native exception";
  }
  return 1;
}

}  // namespace td
