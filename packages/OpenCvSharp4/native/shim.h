// The C boundary between OpenCvSharp's managed side and OpenCV.
//
// Objects cross as owned pointers (cv::Mat*, cv::VideoCapture*, ...), everything else as plain numbers, arrays and UTF-8 text.
// Every function that can fail returns 0 or 1; on 1 shim_last_error() tells what OpenCV said on this thread. No C++ exception
// leaves this library, and nothing is printed.
#pragma once

#include <opencv2/core.hpp>

#include <exception>
#include <string>
#include <vector>

#define SHIM_API extern "C" __attribute__((visibility("default")))

// Four doubles, laid out as the managed Scalar.
struct Scalar4 {
  double v[4];
  operator cv::Scalar() const { return {v[0], v[1], v[2], v[3]}; }
};

inline Scalar4 to_scalar4(const cv::Scalar& s) { return {{s[0], s[1], s[2], s[3]}}; }

namespace shim {

// What went wrong last on this thread, in the fields of cv::Exception.
struct Failure {
  int code = 0;
  std::string function, message, file;
  int line = 0;
};

Failure& last_failure();

// Text handed out as const char* stays valid until the thread asks for the next one.
const char* keep_text(std::string text);

template <class Body>
int guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const cv::Exception& e) {
    last_failure() = {e.code, e.func, e.err, e.file, e.line};
  } catch (const std::exception& e) {
    last_failure() = {cv::Error::StsError, "", e.what(), "", 0};
  } catch (...) {
    last_failure() = {cv::Error::StsError, "", "unknown native exception", "", 0};
  }
  return 1;
}

// An optional array argument, a mask for example: null means none.
inline const cv::Mat& optional(const cv::Mat* m) {
  static const cv::Mat none;
  return m == nullptr ? none : *m;
}

inline std::vector<cv::Mat> gather(const cv::Mat* const* mats, int count) {
  std::vector<cv::Mat> all;
  all.reserve(count);
  for (int i = 0; i < count; i++) all.push_back(*mats[i]);
  return all;
}

}  // namespace shim
