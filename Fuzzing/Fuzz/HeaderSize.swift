import Foundation
import Images

/// The size that an image's header claims.
///
/// An image that is large but allowed takes seconds to fill with nothing; one that is too large is refused at once.
struct HeaderSize {
  private static let quick = 1 << 18

  private var pixels = 0

  /// Whether decoding it takes long for its size alone.
  var isSlow: Bool { pixels > Self.quick && pixels <= Image.pixelLimit }

  /// The size of a PNG, JPEG or WebP file; none where there is no header.
  init(_ data: Data) {
    let bytes = [UInt8](data)
    func number(_ place: Int, _ count: Int) -> Int {
      bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }
    if bytes.starts(with: [0x89, 0x50]) {
      guard bytes.count >= 24 else { return }
      pixels = number(16, 4).multipliedReportingOverflow(by: number(20, 4)).partialValue
      return
    }
    if bytes.starts(with: Array("RIFF".utf8)) {
      guard bytes.count >= 30 else { return }
      func little(_ place: Int, _ count: Int) -> Int {
        bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      let sizes = [
        (little(24, 3) + 1) * (little(27, 3) + 1), (little(26, 2) & 0x3FFF) * (little(28, 2) & 0x3FFF),
        (little(21, 4) & 0x3FFF + 1) * (little(21, 4) >> 14 & 0x3FFF + 1),
      ]
      // VP8X, "VP8 " or VP8L.
      pixels = sizes[bytes[15] == 0x58 ? 0 : bytes[15] == 0x4C ? 2 : 1]
      return
    }
    // The frame's header: FF C0 to FF CF but for tables and arithmetic conditioning, length, precision, height, width.
    for place in bytes.indices.dropLast(9)
    where bytes[place] == 0xFF && bytes[place + 1] & 0xF0 == 0xC0
      && ![0xC4, 0xC8, 0xCC].contains(bytes[place + 1])
    {
      pixels = max(pixels, number(place + 5, 2) * number(place + 7, 2))
    }
  }
}
