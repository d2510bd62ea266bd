// Arithmetic, statistics and rearrangement of arrays.
#include "shim.h"

using shim::gather;
using shim::guarded;
using shim::optional;

SHIM_API int core_add(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst, const cv::Mat* mask, int dtype) {
  return guarded([=] { cv::add(*a, *b, *dst, optional(mask), dtype); });
}

SHIM_API int core_subtract(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst, const cv::Mat* mask, int dtype) {
  return guarded([=] { cv::subtract(*a, *b, *dst, optional(mask), dtype); });
}

SHIM_API int core_multiply(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst, double scale, int dtype) {
  return guarded([=] { cv::multiply(*a, *b, *dst, scale, dtype); });
}

SHIM_API int core_divide(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst, double scale, int dtype) {
  return guarded([=] { cv::divide(*a, *b, *dst, scale, dtype); });
}

SHIM_API int core_absdiff(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst) {
  return guarded([=] { cv::absdiff(*a, *b, *dst); });
}

SHIM_API int core_min(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst) {
  return guarded([=] { cv::min(*a, *b, *dst); });
}

SHIM_API int core_max(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst) {
  return guarded([=] { cv::max(*a, *b, *dst); });
}

SHIM_API int core_bitwise_and(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst, const cv::Mat* mask) {
  return guarded([=] { cv::bitwise_and(*a, *b, *dst, optional(mask)); });
}

SHIM_API int core_bitwise_or(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst, const cv::Mat* mask) {
  return guarded([=] { cv::bitwise_or(*a, *b, *dst, optional(mask)); });
}

SHIM_API int core_bitwise_xor(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst, const cv::Mat* mask) {
  return guarded([=] { cv::bitwise_xor(*a, *b, *dst, optional(mask)); });
}

SHIM_API int core_bitwise_not(const cv::Mat* a, cv::Mat* dst, const cv::Mat* mask) {
  return guarded([=] { cv::bitwise_not(*a, *dst, optional(mask)); });
}

SHIM_API int core_compare(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst, int relation) {
  return guarded([=] { cv::compare(*a, *b, *dst, relation); });
}

SHIM_API int core_gemm(const cv::Mat* a, const cv::Mat* b, cv::Mat* dst) {
  return guarded([=] { cv::gemm(*a, *b, 1, cv::noArray(), 0, *dst); });
}

SHIM_API int core_in_range(const cv::Mat* src, const cv::Mat* low, const cv::Mat* high, cv::Mat* dst) {
  return guarded([=] { cv::inRange(*src, *low, *high, *dst); });
}

SHIM_API int core_add_weighted(const cv::Mat* a, double alpha, const cv::Mat* b, double beta, double gamma, cv::Mat* dst, int dtype) {
  return guarded([=] { cv::addWeighted(*a, alpha, *b, beta, gamma, *dst, dtype); });
}

SHIM_API int core_convert_scale_abs(const cv::Mat* src, cv::Mat* dst, double alpha, double beta) {
  return guarded([=] { cv::convertScaleAbs(*src, *dst, alpha, beta); });
}

SHIM_API int core_normalize(const cv::Mat* src, cv::Mat* dst, double alpha, double beta, int norm, int dtype, const cv::Mat* mask) {
  return guarded([=] { cv::normalize(*src, *dst, alpha, beta, norm, dtype, optional(mask)); });
}

SHIM_API int core_flip(const cv::Mat* src, cv::Mat* dst, int mode) {
  return guarded([=] { cv::flip(*src, *dst, mode); });
}

SHIM_API int core_rotate(const cv::Mat* src, cv::Mat* dst, int code) {
  return guarded([=] { cv::rotate(*src, *dst, code); });
}

SHIM_API int core_transpose(const cv::Mat* src, cv::Mat* dst) {
  return guarded([=] { cv::transpose(*src, *dst); });
}

SHIM_API int core_merge(const cv::Mat* const* mats, int count, cv::Mat* dst) {
  return guarded([=] { cv::merge(gather(mats, count), *dst); });
}

SHIM_API int core_hconcat(const cv::Mat* const* mats, int count, cv::Mat* dst) {
  return guarded([=] { cv::hconcat(gather(mats, count), *dst); });
}

SHIM_API int core_vconcat(const cv::Mat* const* mats, int count, cv::Mat* dst) {
  return guarded([=] { cv::vconcat(gather(mats, count), *dst); });
}

SHIM_API int core_extract_channel(const cv::Mat* src, cv::Mat* dst, int channel) {
  return guarded([=] { cv::extractChannel(*src, *dst, channel); });
}

SHIM_API int core_insert_channel(const cv::Mat* src, cv::Mat* dst, int channel) {
  return guarded([=] { cv::insertChannel(*src, *dst, channel); });
}

SHIM_API int core_copy_make_border(const cv::Mat* src, cv::Mat* dst, int top, int bottom, int left, int right, int border, Scalar4 value) {
  return guarded([=] { cv::copyMakeBorder(*src, *dst, top, bottom, left, right, border, value); });
}

SHIM_API int core_min_max_loc(const cv::Mat* src, const cv::Mat* mask, double* min, double* max, cv::Point* min_at, cv::Point* max_at) {
  return guarded([=] { cv::minMaxLoc(*src, min, max, min_at, max_at, optional(mask)); });
}

SHIM_API int core_mean(const cv::Mat* src, const cv::Mat* mask, Scalar4* out) {
  return guarded([=] { *out = to_scalar4(cv::mean(*src, optional(mask))); });
}

SHIM_API int core_mean_std_dev(const cv::Mat* src, const cv::Mat* mask, Scalar4* mean, Scalar4* deviation) {
  return guarded([=] {
    cv::Scalar m, s;
    cv::meanStdDev(*src, m, s, optional(mask));
    *mean = to_scalar4(m);
    *deviation = to_scalar4(s);
  });
}

SHIM_API int core_sum(const cv::Mat* src, Scalar4* out) {
  return guarded([=] { *out = to_scalar4(cv::sum(*src)); });
}

SHIM_API int core_count_non_zero(const cv::Mat* src, int* out) {
  return guarded([=] { *out = cv::countNonZero(*src); });
}

SHIM_API int core_norm(const cv::Mat* src, int norm, const cv::Mat* mask, double* out) {
  return guarded([=] { *out = cv::norm(*src, norm, optional(mask)); });
}

SHIM_API int core_norm_difference(const cv::Mat* a, const cv::Mat* b, int norm, const cv::Mat* mask, double* out) {
  return guarded([=] { *out = cv::norm(*a, *b, norm, optional(mask)); });
}

SHIM_API int core_psnr(const cv::Mat* a, const cv::Mat* b, double peak, double* out) {
  return guarded([=] { *out = cv::PSNR(*a, *b, peak); });
}
