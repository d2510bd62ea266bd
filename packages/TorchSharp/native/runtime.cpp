// Process-wide state: threads, random generators, devices.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/cuda.h>

#include <memory>

TD_API int td_get_num_threads() { return at::get_num_threads(); }
TD_API int td_get_num_interop_threads() { return at::get_num_interop_threads(); }

// OpenBLAS keeps a thread count of its own; where libtorch uses it, both are set.
TD_API int td_set_num_threads(int threads) {
  return td::guarded([&] {
    at::set_num_threads(threads);
    if (auto* symbol = dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) reinterpret_cast<void (*)(int)>(symbol)(threads);
  });
}

TD_API int td_set_num_interop_threads(int threads) {
  return td::guarded([&] { at::set_num_interop_threads(threads); });
}

TD_API int td_manual_seed(int64_t seed) {
  return td::guarded([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

TD_API int td_default_generator(int32_t type, int32_t index, at::Generator** result) {
  return td::guarded([&] {
    c10::Device device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
    *result = new at::Generator(at::globalContext().defaultGenerator(device));
  });
}

TD_API int td_new_generator(int32_t type, int32_t index, at::Generator** result) {
  return td::guarded([&] {
    c10::Device device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
    *result = device.is_cpu() ? new at::Generator(at::make_generator<at::CPUGeneratorImpl>())
                              : new at::Generator(at::globalContext().defaultGenerator(device).clone());
  });
}

TD_API void td_free_generator(at::Generator* generator) { delete generator; }

TD_API int td_generator_set_seed(at::Generator* generator, int64_t seed) {
  return td::guarded([&] { generator->set_current_seed(static_cast<uint64_t>(seed)); });
}

TD_API int64_t td_generator_initial_seed(at::Generator* generator) { return static_cast<int64_t>(generator->current_seed()); }

TD_API int td_generator_random_seed(at::Generator* generator, int64_t* seed) {
  return td::guarded([&] { *seed = static_cast<int64_t>(generator->seed()); });
}

TD_API int td_generator_get_state(at::Generator* generator, Handle* state) {
  return td::guarded([&] { *state = td::release(generator->get_state()); });
}

TD_API int td_generator_set_state(at::Generator* generator, Handle state) {
  return td::guarded([&] { generator->set_state(td::borrow(state)); });
}

TD_API int td_cuda_available() { return torch::cuda::is_available() ? 1 : 0; }
TD_API int td_cudnn_available() { return torch::cuda::cudnn_is_available() ? 1 : 0; }

TD_API int td_cuda_device_count(int32_t* count) {
  return td::guarded([&] { *count = static_cast<int32_t>(torch::cuda::device_count()); });
}

TD_API int td_cuda_synchronize(int64_t index) {
  return td::guarded([&] { torch::cuda::synchronize(index); });
}

TD_API int td_cuda_manual_seed_all(int64_t seed) {
  return td::guarded([&] { torch::cuda::manual_seed_all(static_cast<uint64_t>(seed)); });
}

TD_API int td_allow_tf32_matmul(int value) {
  auto& context = at::globalContext();
  if (value >= 0) context.setAllowTF32CuBLAS(value != 0);
  return context.allowTF32CuBLAS() ? 1 : 0;
}

TD_API int td_allow_tf32_cudnn(int value) {
  auto& context = at::globalContext();
  if (value >= 0) context.setAllowTF32CuDNN(value != 0);
  return context.allowTF32CuDNN() ? 1 : 0;
}
