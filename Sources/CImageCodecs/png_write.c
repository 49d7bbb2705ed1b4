#include "CImageCodecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
  char *message;
} writer;

static void fail(png_structp png, png_const_charp text) {
  writer *state = png_get_error_ptr(png);
  snprintf(state->message, CODEC_MESSAGE_SIZE, "%s", text);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) { (void)png, (void)text; }

static void put(png_structp png, png_bytep bytes, size_t count) {
  writer *state = png_get_io_ptr(png);
  if (state->count + count > state->capacity) {
    size_t capacity = 2 * (state->count + count);
    uint8_t *grown = realloc(state->bytes, capacity);
    if (!grown) png_error(png, "not enough memory");
    state->bytes = grown;
    state->capacity = capacity;
  }
  memcpy(state->bytes + state->count, bytes, count);
  state->count += count;
}

static void flush(png_structp png) { (void)png; }

static void write_image(
    png_structp png, png_infop info, writer *state, const uint8_t *rgb, uint32_t width, uint32_t height) {
  png_set_write_fn(png, state, put, flush);
  png_set_IHDR(
      png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, rgb + (size_t)3 * width * y);
  png_write_end(png, info);
}

bool codec_png_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, uint8_t **bytes, size_t *count, char *message) {
  writer state = {NULL, 0, 0, message};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &state, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  bool done = false;
  if (!info) {
    snprintf(message, CODEC_MESSAGE_SIZE, "not enough memory");
  } else if (!setjmp(png_jmpbuf(png))) {
    write_image(png, info, &state, rgb, width, height);
    done = true;
  }
  png_destroy_write_struct(&png, &info);
  if (!done) free(state.bytes);
  *bytes = done ? state.bytes : NULL;
  *count = done ? state.count : 0;
  return done;
}
