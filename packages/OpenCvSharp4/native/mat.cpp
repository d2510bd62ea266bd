// cv::Mat: making, viewing, copying.
#include "shim.h"

using shim::guarded;
using shim::optional;

// All that the managed side asks about an array, in one call. Laid out as the managed MatInfo.
struct MatInfo {
  int flags, dims, rows, cols, type, continuous, submatrix, empty;
  int64_t total, element_size, element_size1, step0, step1;
  const uchar *data, *data_start, *data_end, *data_limit;
};

SHIM_API int mat_info(const cv::Mat* m, MatInfo* info) {
  return guarded([=] {
    const bool plane = m->dims > 0;
    *info = {m->flags,
             m->dims,
             m->rows,
             m->cols,
             m->type(),
             m->isContinuous(),
             m->isSubmatrix(),
             m->empty(),
             static_cast<int64_t>(m->total()),
             static_cast<int64_t>(m->elemSize()),
             static_cast<int64_t>(m->elemSize1()),
             plane ? static_cast<int64_t>(m->step[0]) : 0,
             m->dims > 1 ? static_cast<int64_t>(m->step[1]) : 0,
             m->data,
             m->datastart,
             m->dataend,
             m->datalimit};
  });
}

SHIM_API int mat_dimension(const cv::Mat* m, int i, int* size, int64_t* step) {
  return guarded([=] {
    CV_Assert(i >= 0 && i < m->dims);
    *size = m->size[i];
    *step = static_cast<int64_t>(m->step[i]);
  });
}

// Bytes that would be freed with this header: 0 for views and for memory that belongs to somebody else.
SHIM_API int64_t mat_owned_bytes(const cv::Mat* m) {
  return m->u != nullptr && m->u->refcount == 1 ? static_cast<int64_t>(m->u->size) : 0;
}

SHIM_API int mat_new(cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(); });
}

SHIM_API int mat_new_sized(int dims, const int* sizes, int type, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(dims, sizes, type); });
}

SHIM_API int mat_new_filled(int dims, const int* sizes, int type, Scalar4 value, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(dims, sizes, type, value); });
}

SHIM_API int mat_new_over_data(int rows, int cols, int type, void* data, int64_t step, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(rows, cols, type, data, static_cast<size_t>(step)); });
}

// steps: one a dimension but the last, in bytes; null for densely packed data.
SHIM_API int mat_new_over_data_nd(int dims, const int* sizes, int type, void* data, const int64_t* steps, cv::Mat** out) {
  return guarded([=] {
    std::vector<size_t> bytes;
    if (steps != nullptr) bytes.assign(steps, steps + dims - 1);
    *out = new cv::Mat(dims, sizes, type, data, steps == nullptr ? nullptr : bytes.data());
  });
}

SHIM_API int mat_new_identity(int rows, int cols, int type, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(cv::Mat::eye(rows, cols, type)); });
}

// A second header over the same data.
SHIM_API int mat_share(const cv::Mat* m, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(*m); });
}

SHIM_API int mat_clone(const cv::Mat* m, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(m->clone()); });
}

// ranges: start and end of each dimension; INT_MIN and INT_MAX mean all of it.
SHIM_API int mat_view(const cv::Mat* m, const int* ranges, int count, cv::Mat** out) {
  return guarded([=] {
    CV_Assert(count == m->dims);
    std::vector<cv::Range> all;
    for (int i = 0; i < count; i++) all.emplace_back(ranges[2 * i], ranges[2 * i + 1]);
    *out = new cv::Mat((*m)(all));
  });
}

SHIM_API int mat_reshape(const cv::Mat* m, int channels, int rows, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(m->reshape(channels, rows)); });
}

SHIM_API int mat_reshape_nd(const cv::Mat* m, int channels, int dims, const int* sizes, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(m->reshape(channels, dims, sizes)); });
}

SHIM_API void mat_delete(cv::Mat* m) { delete m; }

SHIM_API int mat_create(cv::Mat* m, int dims, const int* sizes, int type) {
  return guarded([=] { m->create(dims, sizes, type); });
}

SHIM_API int mat_copy_to(const cv::Mat* m, cv::Mat* dst, const cv::Mat* mask) {
  return guarded([=] {
    if (mask == nullptr || mask->empty())
      m->copyTo(*dst);
    else
      m->copyTo(*dst, *mask);
  });
}

SHIM_API int mat_convert_to(const cv::Mat* m, cv::Mat* dst, int type, double alpha, double beta) {
  return guarded([=] { m->convertTo(*dst, type, alpha, beta); });
}

SHIM_API int mat_set_to(cv::Mat* m, const cv::Mat* value, const cv::Mat* mask) {
  return guarded([=] { m->setTo(*value, optional(mask)); });
}

// Copies between an array, row by row where it is a view, and densely packed memory of exactly its size.
SHIM_API int mat_pack(const cv::Mat* m, uchar* memory) {
  return guarded([=] {
    cv::Mat packed(m->dims, m->size.p, m->type(), memory);
    m->copyTo(packed);
  });
}

SHIM_API int mat_unpack(cv::Mat* m, uchar* memory) {
  return guarded([=] {
    const cv::Mat packed(m->dims, m->size.p, m->type(), memory);
    packed.copyTo(*m);
  });
}
