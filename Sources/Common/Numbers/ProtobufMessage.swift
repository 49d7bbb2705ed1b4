import Foundation

/// A message in protocol buffers' wire format, built field by field.
///
/// See "Encoding" in the protocol buffers documentation; supports only the types that TensorBoard
/// and ONNX need.
package struct ProtobufMessage: Sendable {
  package private(set) var data = Data()

  package init() {}

  /// A field of type int32, int64, uint64, bool or enum; call it once per value of a repeated
  /// field.
  package mutating func add(_ field: Int, integer value: Int) {
    tag(field, wireType: 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  package mutating func add(_ field: Int, double value: Double) {
    tag(field, wireType: 1)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }

  package mutating func add(_ field: Int, float value: Float) {
    tag(field, wireType: 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }

  package mutating func add(_ field: Int, string value: String) {
    add(field, bytes: Data(value.utf8))
  }

  package mutating func add(_ field: Int, bytes value: Data) {
    tag(field, wireType: 2)
    varint(UInt64(value.count))
    data.append(value)
  }

  package mutating func add(_ field: Int, message fill: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    fill(&message)
    add(field, bytes: message.data)
  }

  private mutating func tag(_ field: Int, wireType: Int) {
    varint(UInt64(field << 3 | wireType))
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }
}
