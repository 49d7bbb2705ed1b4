import Foundation

/// A TFRecord file.
///
/// Each record is its length (8 bytes), the masked CRC-32C of the length, the data, and the masked
/// CRC-32C of the data.
struct RecordFile {
  private(set) var data = Data()

  mutating func add(_ record: Data) {
    let length = withUnsafeBytes(of: UInt64(record.count).littleEndian) { Data($0) }
    data.append(length)
    append(Self.maskedCRC(length))
    data.append(record)
    append(Self.maskedCRC(record))
  }

  private mutating func append(_ value: UInt32) {
    withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
  }

  /// TensorFlow masks CRCs because the CRC of data that contains CRCs is weak.
  static func maskedCRC(_ data: Data) -> UInt32 {
    let crc = crc32c(data)
    return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
  }

  /// CRC-32C (Castagnoli), RFC 3720, appendix B.4.
  static func crc32c(_ data: Data) -> UInt32 {
    var crc = UInt32.max
    for byte in data {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
    }
    return ~crc
  }
}
