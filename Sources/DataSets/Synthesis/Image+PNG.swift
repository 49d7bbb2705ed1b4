import Foundation
import Images

extension Image {
  /// The image as the bytes of an 8-bit RGB PNG file.
  ///
  /// The pixels are stored without compression, so the bytes do not depend on a version of zlib.
  package func encodedPNG() -> Data {
    var header = bigEndian(width) + bigEndian(height)
    header += [8, 2, 0, 0, 0]  // 8 bits, RGB, the only compression and filters, not interlaced
    var lines: [UInt8] = []
    lines.reserveCapacity((3 * width + 1) * height)
    for row in 0..<height {
      lines.append(0)  // not filtered
      lines += pixels[(3 * width * row)..<(3 * width * (row + 1))]
    }
    var data = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    data += chunk("IHDR", header)
    data += chunk("IDAT", stored(lines))
    data += chunk("IEND", [])
    return data
  }

  /// A zlib stream (RFC 1950) of stored blocks (RFC 1951, section 3.2.4).
  private func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      stream.append(block.endIndex == bytes.count ? 1 : 0)
      for length in [block.count, ~block.count] {
        stream += [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
      }
      stream += block
    }
    var (a, b) = (1, 0)  // Adler-32
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return stream + bigEndian(b << 16 | a)
  }

  private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    let checksum = ~body.reduce(~UInt32(0)) { value, byte in
      (0..<8).reduce(value ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1) &* 0xEDB8_8320 }
    }
    return bigEndian(content.count) + body + bigEndian(Int(checksum))
  }

  private func bigEndian(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
