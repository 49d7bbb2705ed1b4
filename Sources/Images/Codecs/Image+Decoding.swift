import CImageCodecs
import Common
import Foundation

extension Image {
  /// The names and versions of the libraries: the loaded versions of libpng and libwebp, the
  /// build-time version of libjpeg-turbo.
  package static let libraries = [
    "libpng": String(cString: codec_png_version()),
    "libwebp": String(cString: codec_webp_version()),
    "libjpeg": String(cString: codec_jpeg_version()),
  ]

  /// The most pixels of an image, as in Pillow; images with a larger size in the header are
  /// rejected.
  package static let pixelLimit = 178_956_970

  /// Decodes the PNG, JPEG or WebP file at `path`.
  ///
  /// The pixels are identical to Pillow's `Image.open(path).convert("RGB")`: the content determines
  /// the format, alpha and Exif rotation are ignored. Throws `.badInput` with the path if the file
  /// cannot be read, has another format, is too large, or is damaged.
  package init(contentsOf path: String) throws(SweepError) {
    try self.init(decoding: FileContents.read(path), path: path)
  }

  /// Decodes the file at `path`, whose contents must have the SHA-256 `sha256`.
  ///
  /// Throws as `init(contentsOf:)` does, and if the file has changed.
  package init(contentsOf path: String, sha256: String) throws(SweepError) {
    let bytes = try FileContents.read(path)
    guard SHA256.hash(bytes) == sha256 else {
      throw SweepError(
        .badInput, at: path, "the image has changed since the run began",
        advice: "put it back and run the command again")
    }
    try self.init(decoding: bytes, path: path)
  }

  /// Decodes the bytes of a PNG, JPEG or WebP file; errors name `path`.
  package init(decoding bytes: [UInt8], path: String) throws(SweepError) {
    let codec = try Codec(for: bytes, path: path)
    let (width, height) = try codec.size(of: bytes, path: path)
    // An array that does not fit ends the program; the system is asked first.
    // (The compiler removes a call of malloc whose memory is only freed.)
    let size = width * height * 3
    let room = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let room, room != MAP_FAILED else { throw Codec.noMemory(path) }
    munmap(room, size)
    var message = Message()
    var outcome = CODEC_BROKEN
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
      outcome = codec.decode(
        bytes, bytes.count, UInt32(width), UInt32(height), buffer.baseAddress, &message.buffer)
      count = outcome == CODEC_DONE ? width * height * 3 : 0
    }
    try codec.check(outcome, path, message)
    self.init(width: width, height: height, pixels: pixels)
  }

  /// The width and height in the header of the file at `path`, without decoding.
  package static func size(
    ofFile path: String
  ) throws(SweepError) -> (width: Int, height: Int) {
    // The header is near the start, except in a JPEG with a long profile or preview.
    let start = try FileContents.read(path, limit: 1 << 16)
    if let size = try? Codec(for: start, path: path).size(of: start, path: path) { return size }
    let bytes = try FileContents.read(path)
    return try Codec(for: bytes, path: path).size(of: bytes, path: path)
  }
}

private struct Message {
  var buffer = [CChar](repeating: 0, count: Int(CODEC_MESSAGE_SIZE))

  var text: String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

private struct Codec {
  typealias ReadSize =
    @convention(c) (
      UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt32>?,
      UnsafeMutablePointer<CChar>?
    ) -> codec_outcome
  typealias Decode =
    @convention(c) (
      UnsafePointer<UInt8>?, Int, UInt32, UInt32, UnsafeMutablePointer<UInt8>?,
      UnsafeMutablePointer<CChar>?
    ) -> codec_outcome

  let name: String
  let readSize: ReadSize
  let decode: Decode

  static let jpeg = Codec(name: "JPEG", readSize: codec_jpeg_size, decode: codec_jpeg_decode)
  static let webp = Codec(name: "WebP", readSize: codec_webp_size, decode: codec_webp_decode)
  static let png = Codec(name: "PNG", readSize: codec_png_size, decode: codec_png_decode)

  func size(of bytes: [UInt8], path: String) throws(SweepError) -> (width: Int, height: Int) {
    var (width, height): (UInt32, UInt32) = (0, 0)
    var message = Message()
    try check(readSize(bytes, bytes.count, &width, &height, &message.buffer), path, message)
    guard width > 0, height > 0 else { throw broken(path, "its size is \(width) × \(height)") }
    guard UInt64(width) * UInt64(height) <= UInt64(Image.pixelLimit) else {
      throw SweepError(
        .badInput, at: path,
        "the image is too large: \(width) × \(height) is more than \(Image.pixelLimit) pixels",
        advice: "shrink or remove it")
    }
    return (Int(width), Int(height))
  }

  func check(_ outcome: codec_outcome, _ path: String, _ message: Message) throws(SweepError) {
    switch outcome {
    case CODEC_DONE: break
    case CODEC_NO_MEMORY: throw Self.noMemory(path)
    default: throw broken(path, message.text)
    }
  }

  static func noMemory(_ path: String) -> SweepError {
    .system(ENOMEM, at: path, "cannot decode the image")
  }

  private func broken(_ path: String, _ reason: String) -> SweepError {
    SweepError(
      .badInput, at: path, "the \(name) is broken: \(reason)", advice: "replace or remove it")
  }
}

extension Codec {
  fileprivate init(for bytes: [UInt8], path: String) throws(SweepError) {
    switch ImageFormat(of: bytes) {
    case .jpeg: self = .jpeg
    case .png: self = .png
    case .webp: self = .webp
    case .unsupported(let kind):
      throw SweepError(
        .badInput, at: path, "the file holds \(kind)",
        advice: "convert it to PNG, JPEG or WebP, or remove it")
    case .unknown:
      throw SweepError(
        .badInput, at: path,
        bytes.isEmpty ? "the file is empty" : "the file is not PNG, JPEG or WebP",
        advice: "replace or remove it")
    }
  }
}
