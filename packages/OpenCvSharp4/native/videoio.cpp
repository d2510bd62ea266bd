// Video files and cameras.
#include "shim.h"

#include <opencv2/videoio.hpp>

using shim::guarded;

namespace {

// MP4 files call H.264 "avc1"; OpenCV corrects the other names too, but complains on stderr as it does.
int container_tag(const std::string& file, int fourcc) {
  const auto dot = file.rfind('.');
  const std::string extension = dot == std::string::npos ? "" : file.substr(dot);
  const bool mp4 = extension == ".mp4" || extension == ".m4v" || extension == ".mov";
  const bool h264 = fourcc == cv::VideoWriter::fourcc('H', '2', '6', '4') || fourcc == cv::VideoWriter::fourcc('h', '2', '6', '4') ||
                    fourcc == cv::VideoWriter::fourcc('X', '2', '6', '4') || fourcc == cv::VideoWriter::fourcc('x', '2', '6', '4');
  return mp4 && h264 ? cv::VideoWriter::fourcc('a', 'v', 'c', '1') : fourcc;
}

}  // namespace

SHIM_API int capture_new(cv::VideoCapture** out) {
  return guarded([=] { *out = new cv::VideoCapture(); });
}

SHIM_API int capture_open_file(cv::VideoCapture* capture, const char* file, int api, const int* parameters, int count, int* ok) {
  return guarded([=] { *ok = capture->open(file, api, std::vector<int>(parameters, parameters + count)); });
}

SHIM_API int capture_open_camera(cv::VideoCapture* capture, int index, int api, const int* parameters, int count, int* ok) {
  return guarded([=] { *ok = capture->open(index, api, std::vector<int>(parameters, parameters + count)); });
}

SHIM_API int capture_is_opened(const cv::VideoCapture* capture, int* yes) {
  return guarded([=] { *yes = capture->isOpened(); });
}

SHIM_API int capture_grab(cv::VideoCapture* capture, int* ok) {
  return guarded([=] { *ok = capture->grab(); });
}

SHIM_API int capture_retrieve(cv::VideoCapture* capture, cv::Mat* image, int stream, int* ok) {
  return guarded([=] { *ok = capture->retrieve(*image, stream); });
}

SHIM_API int capture_read(cv::VideoCapture* capture, cv::Mat* image, int* ok) {
  return guarded([=] { *ok = capture->read(*image); });
}

SHIM_API int capture_get(const cv::VideoCapture* capture, int property, double* value) {
  return guarded([=] { *value = capture->get(property); });
}

SHIM_API int capture_set(cv::VideoCapture* capture, int property, double value, int* ok) {
  return guarded([=] { *ok = capture->set(property, value); });
}

SHIM_API int capture_backend_name(const cv::VideoCapture* capture, const char** name) {
  return guarded([=] { *name = shim::keep_text(capture->getBackendName()); });
}

SHIM_API int capture_set_exception_mode(cv::VideoCapture* capture, int enable) {
  return guarded([=] { capture->setExceptionMode(enable != 0); });
}

SHIM_API int capture_get_exception_mode(cv::VideoCapture* capture, int* enabled) {
  return guarded([=] { *enabled = capture->getExceptionMode(); });
}

SHIM_API int capture_release(cv::VideoCapture* capture) {
  return guarded([=] { capture->release(); });
}

SHIM_API void capture_delete(cv::VideoCapture* capture) {
  guarded([=] { delete capture; });
}

SHIM_API int writer_new(cv::VideoWriter** out) {
  return guarded([=] { *out = new cv::VideoWriter(); });
}

SHIM_API int writer_open(cv::VideoWriter* writer, const char* file, int api, int fourcc, double fps, int width, int height,
                         const int* parameters, int count, int* ok) {
  return guarded([=] {
    *ok = writer->open(file, api, container_tag(file, fourcc), fps, {width, height}, std::vector<int>(parameters, parameters + count));
  });
}

SHIM_API int writer_is_opened(const cv::VideoWriter* writer, int* yes) {
  return guarded([=] { *yes = writer->isOpened(); });
}

SHIM_API int writer_write(cv::VideoWriter* writer, const cv::Mat* image) {
  return guarded([=] { writer->write(*image); });
}

SHIM_API int writer_get(const cv::VideoWriter* writer, int property, double* value) {
  return guarded([=] { *value = writer->get(property); });
}

SHIM_API int writer_set(cv::VideoWriter* writer, int property, double value, int* ok) {
  return guarded([=] { *ok = writer->set(property, value); });
}

SHIM_API int writer_backend_name(const cv::VideoWriter* writer, const char** name) {
  return guarded([=] { *name = shim::keep_text(writer->getBackendName()); });
}

SHIM_API int writer_release(cv::VideoWriter* writer) {
  return guarded([=] { writer->release(); });
}

SHIM_API void writer_delete(cv::VideoWriter* writer) {
  guarded([=] { delete writer; });
}
