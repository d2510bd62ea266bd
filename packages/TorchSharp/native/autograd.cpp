// Gradients: the engine, a tensor's autograd fields, and the modes of the calling thread.
#include "shim.h"

#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/generated/variable_factories.h>
#include <torch/csrc/autograd/variable.h>

#include <vector>

namespace {

std::vector<at::Tensor> borrow_all(const Handle* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(static_cast<size_t>(count));
  for (int32_t k = 0; k < count; ++k) tensors.push_back(td::borrow(handles[k]));
  return tensors;
}

}  // namespace

TD_API int td_requires_grad(Handle tensor) { return tensor->requires_grad() ? 1 : 0; }

TD_API int td_set_requires_grad(Handle tensor, int requires_grad) {
  return td::guarded([&] { td::borrow(tensor).requires_grad_(requires_grad != 0); });
}

TD_API int td_is_leaf(Handle tensor) { return td::borrow(tensor).is_leaf() ? 1 : 0; }

TD_API int td_retain_grad(Handle tensor) {
  return td::guarded([&] { td::borrow(tensor).retain_grad(); });
}

TD_API int td_get_grad(Handle tensor, Handle* grad) {
  return td::guarded([&] { *grad = td::release(td::borrow(tensor).grad()); });
}

TD_API int td_set_grad(Handle tensor, Handle grad) {
  return td::guarded([&] { td::borrow(tensor).mutable_grad() = td::borrow(grad); });
}

TD_API int td_backward(const Handle* tensors, int32_t tensor_count, const Handle* grads, int32_t grad_count, int retain_graph,
                       int create_graph, const Handle* inputs, int32_t input_count) {
  return td::guarded([&] {
    torch::autograd::backward(borrow_all(tensors, tensor_count), borrow_all(grads, grad_count), retain_graph != 0,
                              create_graph != 0, borrow_all(inputs, input_count));
  });
}

TD_API int td_grad(const Handle* outputs, int32_t output_count, const Handle* inputs, int32_t input_count,
                   const Handle* grad_outputs, int32_t grad_output_count, int retain_graph, int create_graph, int allow_unused,
                   Handle* result) {
  return td::guarded([&] {
    auto grads = torch::autograd::grad(borrow_all(outputs, output_count), borrow_all(inputs, input_count),
                                       borrow_all(grad_outputs, grad_output_count), retain_graph != 0, create_graph != 0,
                                       allow_unused != 0);
    for (size_t k = 0; k < grads.size(); ++k) result[k] = td::release(std::move(grads[k]));
  });
}

TD_API int td_grad_mode() { return at::GradMode::is_enabled() ? 1 : 0; }
TD_API void td_set_grad_mode(int enabled) { at::GradMode::set_enabled(enabled != 0); }

TD_API int td_inference_mode() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

// Guards nest: the managed side deletes them in reverse order, on the thread that made them.
TD_API void* td_enter_inference_mode(int enabled) { return new c10::InferenceMode(enabled != 0); }
TD_API void td_leave_inference_mode(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
