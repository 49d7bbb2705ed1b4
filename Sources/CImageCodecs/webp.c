#include "CImageCodecs.h"

#include <stdio.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

static codec_outcome fail(VP8StatusCode status, char *message) {
  const char *reason = "its image data is damaged";
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) reason = "the data ends too early";
  if (status == VP8_STATUS_UNSUPPORTED_FEATURE) reason = "it uses an unknown feature";
  snprintf(message, CODEC_MESSAGE_SIZE, "%s", reason);
  return status == VP8_STATUS_OUT_OF_MEMORY ? CODEC_NO_MEMORY : CODEC_BROKEN;
}

codec_outcome codec_webp_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message) {
  WebPBitstreamFeatures features;
  VP8StatusCode status = WebPGetFeatures(bytes, count, &features);
  if (status != VP8_STATUS_OK) return fail(status, message);
  *width = (uint32_t)features.width;
  *height = (uint32_t)features.height;
  return CODEC_DONE;
}

codec_outcome codec_webp_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb, char *message) {
  WebPData data = {bytes, count};
  WebPDemuxer *demuxer = WebPDemux(&data);
  if (demuxer == NULL) return fail(VP8_STATUS_NOT_ENOUGH_DATA, message);
  VP8StatusCode status = VP8_STATUS_BITSTREAM_ERROR;
  WebPIterator frame;
  WebPDecoderConfig config;
  if (WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH) == width && WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT) == height
      && WebPInitDecoderConfig(&config) && WebPDemuxGetFrame(demuxer, 1, &frame)) {
    // An animation's first frame may leave parts of the canvas uncovered.
    size_t stride = 3 * (size_t)width;
    int isInside = frame.x_offset >= 0 && frame.y_offset >= 0 && frame.width >= 0 && frame.height > 0
                   && (size_t)frame.x_offset + (size_t)frame.width <= width
                   && (size_t)frame.y_offset + (size_t)frame.height <= height;
    if (isInside) {
      size_t start = (size_t)frame.y_offset * stride + 3 * (size_t)frame.x_offset;
      memset(rgb, 0, stride * height);
      config.output.colorspace = MODE_RGB;
      config.output.is_external_memory = 1;
      config.output.u.RGBA.rgba = rgb + start;
      config.output.u.RGBA.stride = (int)stride;
      config.output.u.RGBA.size = stride * height - start;
      status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
      // The frame's own header decides what is written.
      if (config.input.width != frame.width || config.input.height != frame.height) status = VP8_STATUS_BITSTREAM_ERROR;
    }
    WebPDemuxReleaseIterator(&frame);
  }
  WebPDemuxDelete(demuxer);
  return status == VP8_STATUS_OK ? CODEC_DONE : fail(status, message);
}

const char *codec_webp_version(void) {
  static _Thread_local char text[16];
  int version = WebPGetDecoderVersion();
  snprintf(text, sizeof text, "%d.%d.%d", version >> 16 & 255, version >> 8 & 255, version & 255);
  return text;
}
