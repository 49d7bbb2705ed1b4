/// The file format, determined by the first bytes.
package enum ImageFormat: Sendable, Equatable {
  case png
  case jpeg
  case webp
  /// A known but unsupported format, with its article: `a GIF image`.
  case unsupported(String)
  case unknown

  /// The format of a file that begins with `bytes` (32 bytes suffice).
  package init(of bytes: some Collection<UInt8>) {
    let head = Array(bytes.prefix(32))
    func begins(_ signature: [UInt8], at offset: Int = 0) -> Bool {
      head.dropFirst(offset).starts(with: signature)
    }
    func begins(_ signature: String, at offset: Int = 0) -> Bool {
      begins(Array(signature.utf8), at: offset)
    }
    if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if begins([0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if begins([0, 5, 0x16, 7]) {
      self = .unsupported("an AppleDouble file of macOS, not an image")
    } else if begins("GIF8") {
      self = .unsupported("a GIF image")
    } else if begins("RIFF") && begins("WEBP", at: 8) {
      self = .webp
    } else if begins([0x49, 0x49, 0x2A, 0]) || begins([0x4D, 0x4D, 0, 0x2A]) {
      self = .unsupported("a TIFF image")
    } else if begins("ftypavi", at: 4) {
      self = .unsupported("an AVIF image")
    } else if begins("ftyp", at: 4) {
      self = .unsupported("a HEIC image or a film")
    } else if begins([0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20]) {
      self = .unsupported("a JPEG 2000 image")
    } else if begins([0xFF, 0x0A]) || begins("JXL ", at: 4) {
      self = .unsupported("a JPEG XL image")
    } else if begins("BM") && begins([0, 0, 0, 0], at: 6) {
      self = .unsupported("a BMP image")
    } else if begins("P"), let digit = head.dropFirst().first, (0x31...0x36).contains(digit),
      let space = head.dropFirst(2).first, [0x09, 0x0A, 0x0D, 0x20].contains(space)
    {
      self = .unsupported("a PPM or PGM image")
    } else if !head.isEmpty, head.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || 0x09...0x0D ~= $0 }) {
      self = .unsupported("text, not an image")
    } else {
      self = .unknown
    }
  }

  /// The format with its article: `a JPEG image`; nil if unknown.
  package var summary: String? {
    switch self {
    case .png: "a PNG image"
    case .jpeg: "a JPEG image"
    case .webp: "a WebP image"
    case .unsupported(let kind): kind
    case .unknown: nil
    }
  }

  /// Whether the extension, in any case, fits this format.
  package func matches(extension name: String) -> Bool {
    switch self {
    case .png: name.lowercased() == "png"
    case .jpeg: ["jpg", "jpeg"].contains(name.lowercased())
    case .webp: name.lowercased() == "webp"
    case .unsupported, .unknown: false
    }
  }
}
