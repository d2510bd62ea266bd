// What a tensor knows of itself, which is no dispatcher operator: reference, shape, type, memory.
#include "shim.h"

#include <ATen/core/Tensor.h>

TD_API void td_release(Handle tensor) { c10::raw::intrusive_ptr::decref(tensor); }

TD_API Handle td_alias(Handle tensor) { return td::release(td::borrow(tensor)); }

TD_API int64_t td_dim(Handle tensor) { return tensor->dim(); }
TD_API int64_t td_numel(Handle tensor) { return tensor->numel(); }
TD_API int32_t td_scalar_type(Handle tensor) { return static_cast<int32_t>(c10::typeMetaToScalarType(tensor->dtype())); }
TD_API int64_t td_element_size(Handle tensor) { return static_cast<int64_t>(tensor->itemsize()); }
TD_API int32_t td_layout(Handle tensor) { return static_cast<int32_t>(tensor->layout()); }

TD_API void td_sizes(Handle tensor, int64_t* sizes) {
  auto source = tensor->sizes();
  std::copy(source.begin(), source.end(), sizes);
}

TD_API int td_strides(Handle tensor, int64_t* strides) {
  return td::guarded([&] {
    auto source = tensor->strides();
    std::copy(source.begin(), source.end(), strides);
  });
}

TD_API void td_device(Handle tensor, int32_t* type, int32_t* index) {
  auto device = tensor->device();
  *type = static_cast<int32_t>(device.type());
  *index = device.index();
}

TD_API int td_is_contiguous(Handle tensor) { return tensor->is_contiguous() ? 1 : 0; }

TD_API int td_data_ptr(Handle tensor, void** data) {
  return td::guarded([&] { *data = td::borrow(tensor).data_ptr(); });
}

TD_API int64_t td_storage_offset(Handle tensor) { return tensor->storage_offset(); }

TD_API int td_storage_ptr(Handle tensor, const void** data, int64_t* bytes) {
  return td::guarded([&] {
    *data = tensor->storage().data();
    *bytes = static_cast<int64_t>(tensor->storage().nbytes());
  });
}

// A CPU tensor over memory that the caller keeps alive until `free(context)` is called.
TD_API int td_from_blob(void* data, const int64_t* sizes, int32_t dim, int32_t scalar_type, void (*free)(void*), void* context,
                        Handle* result) {
  return td::guarded([&] {
    auto options = at::TensorOptions().dtype(static_cast<c10::ScalarType>(scalar_type));
    auto deleter = [free, context](void*) {
      if (free != nullptr) free(context);
    };
    *result = td::release(at::from_blob(data, at::IntArrayRef(sizes, static_cast<size_t>(dim)), deleter, options));
  });
}
