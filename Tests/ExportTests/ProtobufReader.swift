import Foundation

/// A message in protocol buffers' wire format, taken apart without a schema.
struct ProtobufReader {
  enum Value: Equatable {
    case integer(UInt64)
    case float(Float)
    case bytes(Data)
  }

  /// The values of each field, in order.
  private var fields: [Int: [Value]] = [:]

  /// Nil where the bytes are no message of the kinds of fields that are used.
  init?(_ data: Data) {
    var bytes = [UInt8](data)[...]
    func varint() -> UInt64? {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while let byte = bytes.popFirst(), shift < 64 {
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      return nil
    }
    while !bytes.isEmpty {
      guard let tag = varint() else { return nil }
      let value: Value
      switch tag & 7 {
      case 0:
        guard let number = varint() else { return nil }
        value = .integer(number)
      case 2:
        guard let count = varint(), count <= bytes.count else { return nil }
        value = .bytes(Data(bytes.prefix(Int(count))))
        bytes = bytes.dropFirst(Int(count))
      case 5:
        guard bytes.count >= 4 else { return nil }
        let bits = bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        value = .float(Float(bitPattern: bits))
        bytes = bytes.dropFirst(4)
      default: return nil
      }
      fields[Int(tag >> 3), default: []].append(value)
    }
  }

  func integers(_ field: Int) -> [Int] {
    fields[field, default: []].compactMap {
      if case .integer(let value) = $0 { Int(Int64(bitPattern: value)) } else { nil }
    }
  }

  func floats(_ field: Int) -> [Float] {
    fields[field, default: []].compactMap { if case .float(let value) = $0 { value } else { nil } }
  }

  func bytes(_ field: Int) -> [Data] {
    fields[field, default: []].compactMap { if case .bytes(let value) = $0 { value } else { nil } }
  }

  func strings(_ field: Int) -> [String] {
    bytes(field).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The messages in a field; those that are none are left out.
  func messages(_ field: Int) -> [ProtobufReader] { bytes(field).compactMap(ProtobufReader.init) }
}
