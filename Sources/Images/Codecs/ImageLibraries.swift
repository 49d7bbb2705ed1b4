import CImageCodecs

/// The libraries that decode images.
package enum ImageLibraries {
  /// Their names and versions: libpng's as it is loaded, libjpeg-turbo's as it was built against.
  package static var versions: [String: String] {
    [
      "libpng": String(cString: codec_png_version()),
      "libjpeg": String(cString: codec_jpeg_version()),
    ]
  }
}
