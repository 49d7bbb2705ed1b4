#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

// Decodes PNG with libpng's classic interface, JPEG with libjpeg and WebP with libwebp. The functions are thread-safe. On failure, `message`
// holds the reason. Pixels are 8-bit R, G, B in rows from the top without padding,
// identical to Pillow's `convert("RGB")` of the same file.

/// The size of a `message` buffer, including the terminating zero.
#define CODEC_MESSAGE_SIZE 200

typedef enum { CODEC_DONE, CODEC_BROKEN, CODEC_NO_MEMORY } codec_outcome;

/// Reads the size from a JPEG's frame header.
codec_outcome codec_jpeg_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message);

/// Decodes a JPEG of `width` × `height` pixels into `rgb`, 3 · width · height bytes.
codec_outcome codec_jpeg_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb, char *message);

/// Reads the size from a PNG's IHDR chunk.
codec_outcome codec_png_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message);

/// Decodes a PNG of `width` × `height` pixels into `rgb`, 3 · width · height bytes.
codec_outcome codec_png_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb, char *message);

/// Reads the size of a WebP's canvas.
codec_outcome codec_webp_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char *message);

/// Decodes a WebP of `width` × `height` pixels into `rgb`, 3 · width · height bytes: the first frame of an animation.
codec_outcome codec_webp_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb, char *message);

/// The version of libwebp in use, valid until this thread's next call.
const char *codec_webp_version(void);

/// The version of libpng in use.
const char *codec_png_version(void);

/// The version of libjpeg-turbo at build time (the library cannot report it at run time), or libjpeg's own version.
const char *codec_jpeg_version(void);

#endif
