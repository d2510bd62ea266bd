// Errors, silence, versions, threads.
#include "shim.h"

#include <opencv2/core/utils/logger.hpp>

#include <cstdlib>

namespace shim {

Failure& last_failure() {
  thread_local Failure failure;
  return failure;
}

const char* keep_text(std::string text) {
  thread_local std::string kept;
  kept = std::move(text);
  return kept.c_str();
}

namespace {

int say_nothing(int, const char*, const char*, const char*, int, void*) { return 0; }

// Runs when the library is loaded, before OpenCV can have opened its first video. A user's own setting wins.
[[maybe_unused]] const bool silent = [] {
  setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);  // AV_LOG_QUIET
  setenv("GST_DEBUG", "0", 0);
  cv::redirectError(say_nothing);
  if (std::getenv("OPENCV_LOG_LEVEL") == nullptr) cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  return true;
}();

}  // namespace
}  // namespace shim

SHIM_API void shim_last_error(int* code, const char** function, const char** message, const char** file, int* line) {
  const auto& failure = shim::last_failure();
  *code = failure.code;
  *function = failure.function.c_str();
  *message = failure.message.c_str();
  *file = failure.file.c_str();
  *line = failure.line;
}

SHIM_API int shim_version(const char** text) {
  return shim::guarded([=] { *text = shim::keep_text(cv::getVersionString()); });
}

SHIM_API int shim_build_information(const char** text) {
  return shim::guarded([=] { *text = shim::keep_text(cv::getBuildInformation()); });
}

SHIM_API int shim_set_num_threads(int count) {
  return shim::guarded([=] { cv::setNumThreads(count); });
}

SHIM_API int shim_get_num_threads(int* count) {
  return shim::guarded([=] { *count = cv::getNumThreads(); });
}

SHIM_API int shim_bytes_view(const std::vector<uchar>* bytes, const uchar** data, size_t* size) {
  return shim::guarded([=] {
    *data = bytes->data();
    *size = bytes->size();
  });
}

SHIM_API void shim_bytes_delete(std::vector<uchar>* bytes) { delete bytes; }
