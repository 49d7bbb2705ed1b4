import Common

extension NamedTensor {
  /// The SHA-256 of tensors in 64 hexadecimal digits.
  ///
  /// The input for each tensor, in the given
  /// order, is the UTF-8 bytes of `name shape type` and a line feed (`classifier.2.bias [10] F32`),
  /// then its elements in little-endian order.
  ///
  /// Unlike a file's digest it does not depend on metadata.
  package static func digest(of tensors: [NamedTensor]) -> String {
    var hash = SHA256()
    for tensor in tensors {
      let type = tensor.floats == nil ? "I64" : "F32"
      Array("\(tensor.name) \(tensor.shape) \(type)\n".utf8).withUnsafeBytes { hash.update($0) }
      switch tensor.values {
      case .float32(let values): values.withUnsafeBytes { hash.update($0) }
      case .int64(let values): values.withUnsafeBytes { hash.update($0) }
      }
    }
    return hash.finish()
  }
}
