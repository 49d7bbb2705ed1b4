#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// PNG through libpng's classic interface, JPEG through libjpeg. All functions keep their state on the stack or on the
// heap, so any number of threads may call them. Each returns whether it succeeded; where not, `message` holds the reason.
// Pixels are 8-bit R, G, B, rows from the top, without gaps: what Pillow's `convert("RGB")` makes of the same file.

/// The bytes that a `message` has room for, with its closing zero.
#define CODEC_MESSAGE_SIZE 200

/// The size in a JPEG's frame header.
bool codec_jpeg_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message);

/// Decodes a JPEG whose size is known to be `width` × `height` into `rgb`, 3 · width · height bytes.
bool codec_jpeg_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb, char *message);

/// The size in a PNG's IHDR.
bool codec_png_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message);

/// Decodes a PNG whose size is known to be `width` × `height` into `rgb`, 3 · width · height bytes.
bool codec_png_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb, char *message);

/// Encodes `rgb`, 3 · width · height bytes, as a PNG. The caller frees `*bytes`.
bool codec_png_encode(
    const uint8_t *rgb, uint32_t width, uint32_t height, uint8_t **bytes, size_t *count, char *message);

/// The version of libpng in use.
const char *codec_png_version(void);

/// The version of libjpeg-turbo that this was built against, which has no function that tells it; libjpeg's own elsewhere.
const char *codec_jpeg_version(void);

#endif
