#include "CImageCodecs.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf escape;
  char *message;
} error_manager;

static void fail(j_common_ptr info) {
  error_manager *errors = (error_manager *)info->err;
  char text[JMSG_LENGTH_MAX];
  (*info->err->format_message)(info, text);
  snprintf(errors->message, CODEC_MESSAGE_SIZE, "%s", text);
  longjmp(errors->escape, info->err->msg_code == JERR_OUT_OF_MEMORY ? CODEC_NO_MEMORY : CODEC_BROKEN);
}

// libjpeg reports damaged data as a warning and fills the gap with gray; here it is an error. Other warnings, such as
// stray bytes between markers, do not affect pixels.
static void warn(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_ARITH_BAD_CODE:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
      fail(info);
  }
}

static void print_nothing(j_common_ptr info) { (void)info; }

// Pillow's MULDIV255: a · b / 255, rounded.
static inline uint8_t multiply(uint8_t a, uint8_t b) {
  unsigned product = (unsigned)a * b + 128;
  return (uint8_t)(((product >> 8) + product) >> 8);
}

// Converts inverted CMYK, which Adobe's programs write, to RGB.
static void convert_cmyk(const uint8_t *cmyk, uint8_t *rgb, uint32_t width) {
  for (uint32_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
    uint8_t white = cmyk[3];
    for (int channel = 0; channel < 3; channel++)
      rgb[channel] = white - multiply(255 - cmyk[channel], white);
  }
}

static void read_header(j_decompress_ptr info, const uint8_t *bytes, size_t count) {
  jpeg_create_decompress(info);
  jpeg_mem_src(info, bytes, count);
  jpeg_read_header(info, TRUE);
}

static void read_pixels(
    j_decompress_ptr info, uint32_t width, uint32_t height, uint8_t *rgb, error_manager *errors) {
  if (info->image_width != width || info->image_height != height) {
    snprintf(errors->message, CODEC_MESSAGE_SIZE, "the size changed while reading");
    longjmp(errors->escape, CODEC_BROKEN);
  }
  bool cmyk = info->num_components == 4;
  if (!cmyk && info->num_components != 1 && info->num_components != 3) {
    snprintf(
        errors->message, CODEC_MESSAGE_SIZE, "a JPEG of %d components", info->num_components);
    longjmp(errors->escape, CODEC_BROKEN);
  }
  info->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  info->dct_method = JDCT_ISLOW;
  info->do_fancy_upsampling = TRUE;
  jpeg_start_decompress(info);
  JSAMPARRAY line = NULL;
  if (cmyk) line = (*info->mem->alloc_sarray)((j_common_ptr)info, JPOOL_IMAGE, 4 * width, 1);
  while (info->output_scanline < height) {
    JSAMPROW row = rgb + (size_t)3 * width * info->output_scanline;
    if (cmyk) {
      if (jpeg_read_scanlines(info, line, 1) == 1) convert_cmyk(line[0], row, width);
    } else {
      jpeg_read_scanlines(info, &row, 1);
    }
  }
  jpeg_finish_decompress(info);
}

static codec_outcome run(
    const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, uint8_t *rgb, char *message) {
  struct jpeg_decompress_struct info;
  error_manager errors;
  memset(&info, 0, sizeof info);
  info.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = fail;
  errors.base.emit_message = warn;
  errors.base.output_message = print_nothing;
  errors.message = message;
  switch (setjmp(errors.escape)) {
    case 0: break;
    case CODEC_NO_MEMORY: jpeg_destroy_decompress(&info); return CODEC_NO_MEMORY;
    default: jpeg_destroy_decompress(&info); return CODEC_BROKEN;
  }
  read_header(&info, bytes, count);
  if (rgb) {
    read_pixels(&info, *width, *height, rgb, &errors);
  } else {
    *width = info.image_width;
    *height = info.image_height;
  }
  jpeg_destroy_decompress(&info);
  return CODEC_DONE;
}

codec_outcome codec_jpeg_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message) {
  return run(bytes, count, width, height, NULL, message);
}

codec_outcome codec_jpeg_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb, char *message) {
  return run(bytes, count, &width, &height, rgb, message);
}

#define QUOTED(text) #text
#define QUOTE(macro) QUOTED(macro)

const char *codec_jpeg_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
  return "turbo " QUOTE(LIBJPEG_TURBO_VERSION);
#else
  return QUOTE(JPEG_LIB_VERSION);
#endif
}
