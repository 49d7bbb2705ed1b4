#include "CImageCodecs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct {
  const uint8_t *bytes;  // unread input
  size_t left;
  char *message;
  uint8_t *raw;  // decoded rows before the conversion to RGB
  bool lacks_memory;
} reader;

static void fail(png_structp png, png_const_charp text) {
  reader *state = png_get_error_ptr(png);
  snprintf(state->message, CODEC_MESSAGE_SIZE, "%s", text);
  png_longjmp(png, 1);
}

// libpng reports a damaged pixel stream as a warning, as it does many conditions that do not affect pixels.
static void warn(png_structp png, png_const_charp text) {
  if (strncmp(text, "IDAT:", 5) != 0) return;
  if (strstr(text, "Extra compressed data") || strstr(text, "Too much image data")) return;
  fail(png, text);
}

// libpng and zlib take all their memory from here: their messages do not tell a lack of it from damaged data.
static png_voidp allocate(png_structp png, png_alloc_size_t size) {
  reader *state = png_get_mem_ptr(png);
  void *memory = malloc(size);
  if (!memory) state->lacks_memory = true;
  return memory;
}

static void release(png_structp png, png_voidp memory) {
  (void)png;
  free(memory);
}

static void take(png_structp png, png_bytep out, size_t count) {
  reader *state = png_get_io_ptr(png);
  if (count > state->left) png_error(png, "the data ends too early");
  memcpy(out, state->bytes, count);
  state->bytes += count;
  state->left -= count;
}

// Converts one row from libpng to RGB. Indices and gray values are expanded to 8 bits; 16-bit samples are big-endian.
static void convert(
    const uint8_t *raw, uint8_t *rgb, uint32_t width, int type, int depth, png_const_colorp palette,
    int colors) {
  int bytes = depth == 16 ? 2 : 1;
  int channels = (type & PNG_COLOR_MASK_COLOR && type != PNG_COLOR_TYPE_PALETTE ? 3 : 1)
                 + (type & PNG_COLOR_MASK_ALPHA ? 1 : 0);
  for (uint32_t x = 0; x < width; x++, rgb += 3, raw += channels * bytes) {
    if (type == PNG_COLOR_TYPE_PALETTE) {
      bool known = raw[0] < colors;
      rgb[0] = known ? palette[raw[0]].red : 0;
      rgb[1] = known ? palette[raw[0]].green : 0;
      rgb[2] = known ? palette[raw[0]].blue : 0;
    } else if (channels >= 3) {
      rgb[0] = raw[0];
      rgb[1] = raw[bytes];
      rgb[2] = raw[2 * bytes];
    } else {
      // Pillow clips 16-bit gray to 255 without alpha and takes the high byte with alpha.
      uint8_t gray = depth == 16 && channels == 1 && raw[0] == 0 ? raw[1]
                     : depth == 16 && channels == 1              ? 255
                                                                 : raw[0];
      rgb[0] = rgb[1] = rgb[2] = gray;
    }
  }
}

static void read_image(
    png_structp png, png_infop info, reader *state, uint32_t width, uint32_t height, uint8_t *rgb) {
  png_set_read_fn(png, state, take);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max(png, 0);
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  // Ignore checksums, or mutated bytes would never reach the decoder.
  png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
  png_set_option(png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
#else
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
#endif
  // Read only IHDR, PLTE, IDAT and IEND: no gamma, color profile or transparency.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, (png_const_bytep) "tRNS", 1);
  png_set_check_for_invalid_index(png, 0);
  png_read_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
    png_error(png, "the size changed while reading");

  int type = png_get_color_type(png, info);
  int depth = png_get_bit_depth(png, info);
  png_colorp palette = NULL;
  int colors = 0;
  if (type == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(png);
    png_get_PLTE(png, info, &palette, &colors);
  } else if (depth < 8) {
    png_set_expand_gray_1_2_4_to_8(png);
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);

  // Interlaced images revisit their rows in each pass, so all rows are kept; otherwise one row is enough.
  size_t row_bytes = png_get_rowbytes(png, info);
  uint32_t kept = passes > 1 ? height : 1;
  state->raw = png_malloc(png, row_bytes * kept);
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < height; y++) {
      uint8_t *raw = state->raw + row_bytes * (kept == 1 ? 0 : y);
      png_read_row(png, raw, NULL);
      if (pass == passes - 1)
        convert(raw, rgb + (size_t)3 * width * y, width, type, depth, palette, colors);
    }
  }
  png_read_end(png, NULL);
}

codec_outcome codec_png_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message) {
  if (count < 24 || memcmp(bytes + 12, "IHDR", 4) != 0) {
    snprintf(message, CODEC_MESSAGE_SIZE, "the data ends before its header does");
    return CODEC_BROKEN;
  }
  *width = png_get_uint_32(bytes + 16);
  *height = png_get_uint_32(bytes + 20);
  return CODEC_DONE;
}

codec_outcome codec_png_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb, char *message) {
  reader state = {bytes, count, message, NULL, false};
  png_structp png = png_create_read_struct_2(
      PNG_LIBPNG_VER_STRING, &state, fail, warn, &state, allocate, release);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  volatile bool done = false;
  if (!info) {
    state.lacks_memory = true;
  } else if (!setjmp(png_jmpbuf(png))) {
    read_image(png, info, &state, width, height, rgb);
    done = true;
  }
  free(state.raw);
  png_destroy_read_struct(&png, &info, NULL);
  return done ? CODEC_DONE : state.lacks_memory ? CODEC_NO_MEMORY : CODEC_BROKEN;
}

const char *codec_png_version(void) { return png_get_libpng_ver(NULL); }
