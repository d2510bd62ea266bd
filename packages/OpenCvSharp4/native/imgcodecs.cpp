// Image files and encoded images in memory.
#include "shim.h"

#include <opencv2/imgcodecs.hpp>

using shim::guarded;

SHIM_API int imgcodecs_read(const char* file, int flags, cv::Mat** out) {
  return guarded([=] { *out = new cv::Mat(cv::imread(file, flags)); });
}

SHIM_API int imgcodecs_write(const char* file, const cv::Mat* const* mats, int mat_count, const int* parameters, int count, int* ok) {
  return guarded([=] {
    const std::vector<int> settings(parameters, parameters + count);
    *ok = mat_count == 1 ? cv::imwrite(file, *mats[0], settings) : cv::imwrite(file, shim::gather(mats, mat_count), settings);
  });
}

SHIM_API int imgcodecs_encode(const char* extension, const cv::Mat* img, const int* parameters, int count, std::vector<uchar>** out, int* ok) {
  return guarded([=] {
    std::vector<uchar> bytes;
    *ok = cv::imencode(extension, *img, bytes, std::vector<int>(parameters, parameters + count));
    *out = new std::vector<uchar>(std::move(bytes));
  });
}

SHIM_API int imgcodecs_decode(const uchar* data, int size, int flags, cv::Mat** out) {
  return guarded([=] {
    const cv::Mat bytes(1, size, CV_8UC1, const_cast<uchar*>(data));
    *out = new cv::Mat(cv::imdecode(bytes, flags));
  });
}

SHIM_API int imgcodecs_have_reader(const char* file, int* yes) {
  return guarded([=] { *yes = cv::haveImageReader(file); });
}

SHIM_API int imgcodecs_have_writer(const char* file, int* yes) {
  return guarded([=] { *yes = cv::haveImageWriter(file); });
}
