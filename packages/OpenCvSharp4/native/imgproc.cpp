// Geometry, colour and filters.
#include "shim.h"

#include <opencv2/imgproc.hpp>

using shim::guarded;

SHIM_API int imgproc_resize(const cv::Mat* src, cv::Mat* dst, int width, int height, double fx, double fy, int interpolation) {
  return guarded([=] { cv::resize(*src, *dst, {width, height}, fx, fy, interpolation); });
}

SHIM_API int imgproc_cvt_color(const cv::Mat* src, cv::Mat* dst, int code, int channels) {
  return guarded([=] { cv::cvtColor(*src, *dst, code, channels); });
}

SHIM_API int imgproc_apply_color_map(const cv::Mat* src, cv::Mat* dst, int map) {
  return guarded([=] { cv::applyColorMap(*src, *dst, map); });
}

SHIM_API int imgproc_apply_own_color_map(const cv::Mat* src, cv::Mat* dst, const cv::Mat* colors) {
  return guarded([=] { cv::applyColorMap(*src, *dst, *colors); });
}

SHIM_API int imgproc_gaussian_blur(const cv::Mat* src, cv::Mat* dst, int width, int height, double sigma_x, double sigma_y, int border) {
  return guarded([=] { cv::GaussianBlur(*src, *dst, {width, height}, sigma_x, sigma_y, border); });
}

SHIM_API int imgproc_blur(const cv::Mat* src, cv::Mat* dst, int width, int height, int anchor_x, int anchor_y, int border) {
  return guarded([=] { cv::blur(*src, *dst, {width, height}, {anchor_x, anchor_y}, border); });
}

SHIM_API int imgproc_warp_affine(const cv::Mat* src, cv::Mat* dst, const cv::Mat* matrix, int width, int height, int flags, int border,
                                 Scalar4 value) {
  return guarded([=] { cv::warpAffine(*src, *dst, *matrix, {width, height}, flags, border, value); });
}

SHIM_API int imgproc_get_rotation_matrix_2d(float x, float y, double angle, double scale, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(cv::getRotationMatrix2D({x, y}, angle, scale)); });
}

SHIM_API int imgproc_threshold(const cv::Mat* src, cv::Mat* dst, double threshold, double max, int type, double* used) {
  return guarded([=] { *used = cv::threshold(*src, *dst, threshold, max, type); });
}
