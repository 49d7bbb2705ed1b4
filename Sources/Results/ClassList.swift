import Foundation

/// A list of classes as a BLOB: two bytes each, the low one first.
enum ClassList {
  /// The bytes; nil where a class is not in 0 to 65535.
  static func data(_ classes: [Int32]) -> Data? {
    var data = Data(capacity: 2 * classes.count)
    for value in classes {
      guard let value = UInt16(exactly: value) else { return nil }
      data.append(UInt8(truncatingIfNeeded: value))
      data.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    return data
  }

  /// The classes in the bytes; an odd byte at the end is none.
  static func classes(_ data: Data) -> [Int32] {
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count - 1, by: 2).map {
      Int32(bytes[$0]) | Int32(bytes[$0 + 1]) << 8
    }
  }
}
