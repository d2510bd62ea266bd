// Drawing onto an image.
#include "shim.h"

#include <opencv2/imgproc.hpp>

using shim::guarded;

namespace {

// Polygons cross as all their points, one after the other, and how many points each has.
std::vector<std::vector<cv::Point>> polygons(const cv::Point* points, const int* counts, int count) {
  std::vector<std::vector<cv::Point>> all;
  for (int i = 0; i < count; points += counts[i], i++) all.emplace_back(points, points + counts[i]);
  return all;
}

}  // namespace

SHIM_API int draw_line(cv::Mat* img, int x1, int y1, int x2, int y2, Scalar4 color, int thickness, int type, int shift) {
  return guarded([=] { cv::line(*img, {x1, y1}, {x2, y2}, color, thickness, type, shift); });
}

SHIM_API int draw_arrowed_line(cv::Mat* img, int x1, int y1, int x2, int y2, Scalar4 color, int thickness, int type, int shift,
                               double tip_length) {
  return guarded([=] { cv::arrowedLine(*img, {x1, y1}, {x2, y2}, color, thickness, type, shift, tip_length); });
}

SHIM_API int draw_rectangle(cv::Mat* img, int x1, int y1, int x2, int y2, Scalar4 color, int thickness, int type, int shift) {
  return guarded([=] { cv::rectangle(*img, cv::Point(x1, y1), cv::Point(x2, y2), color, thickness, type, shift); });
}

SHIM_API int draw_rectangle_of(cv::Mat* img, int x, int y, int width, int height, Scalar4 color, int thickness, int type, int shift) {
  return guarded([=] { cv::rectangle(*img, cv::Rect(x, y, width, height), color, thickness, type, shift); });
}

SHIM_API int draw_circle(cv::Mat* img, int x, int y, int radius, Scalar4 color, int thickness, int type, int shift) {
  return guarded([=] { cv::circle(*img, {x, y}, radius, color, thickness, type, shift); });
}

SHIM_API int draw_ellipse(cv::Mat* img, int x, int y, int width, int height, double angle, double start, double end, Scalar4 color,
                          int thickness, int type, int shift) {
  return guarded([=] { cv::ellipse(*img, {x, y}, {width, height}, angle, start, end, color, thickness, type, shift); });
}

SHIM_API int draw_ellipse_in(cv::Mat* img, float x, float y, float width, float height, float angle, Scalar4 color, int thickness,
                             int type) {
  return guarded([=] { cv::ellipse(*img, cv::RotatedRect({x, y}, {width, height}, angle), color, thickness, type); });
}

SHIM_API int draw_marker(cv::Mat* img, int x, int y, Scalar4 color, int marker, int size, int thickness, int type) {
  return guarded([=] { cv::drawMarker(*img, {x, y}, color, marker, size, thickness, type); });
}

SHIM_API int draw_fill_convex_poly(cv::Mat* img, const cv::Point* points, int count, Scalar4 color, int type, int shift) {
  return guarded([=] { cv::fillConvexPoly(*img, points, count, color, type, shift); });
}

SHIM_API int draw_fill_poly(cv::Mat* img, const cv::Point* points, const int* counts, int count, Scalar4 color, int type, int shift, int dx,
                            int dy) {
  return guarded([=] { cv::fillPoly(*img, polygons(points, counts, count), color, type, shift, {dx, dy}); });
}

SHIM_API int draw_polylines(cv::Mat* img, const cv::Point* points, const int* counts, int count, int closed, Scalar4 color, int thickness,
                            int type, int shift) {
  return guarded([=] { cv::polylines(*img, polygons(points, counts, count), closed != 0, color, thickness, type, shift); });
}

SHIM_API int draw_text(cv::Mat* img, const char* text, int x, int y, int font, double scale, Scalar4 color, int thickness, int type,
                       int bottom_left) {
  return guarded([=] { cv::putText(*img, text, {x, y}, font, scale, color, thickness, type, bottom_left != 0); });
}

SHIM_API int draw_text_size(const char* text, int font, double scale, int thickness, int* width, int* height, int* baseline) {
  return guarded([=] {
    const cv::Size size = cv::getTextSize(text, font, scale, thickness, baseline);
    *width = size.width;
    *height = size.height;
  });
}
