import Common
import Foundation

/// The safetensors format: an 8-byte little-endian header length, a JSON header, the raw tensors.
///
/// Tensors are written as float32 or 64-bit integers; float16 and bfloat16 are read as float32. See
/// https://huggingface.co/docs/safetensors.
package enum Safetensors {
  /// A file's tensors, in file order, and its `__metadata__`.
  package struct Contents: Sendable, Equatable {
    package var tensors: [NamedTensor]
    package var metadata: [String: String]

    package init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
      self.tensors = tensors
      self.metadata = metadata
    }
  }

  /// Encodes the contents deterministically.
  package static func encode(_ contents: Contents) -> Data {
    var entries: [JSON.Member] = []
    if !contents.metadata.isEmpty {
      let pairs = contents.metadata.sorted { $0.key < $1.key }
      entries.append(
        .init("__metadata__", .object(pairs.map { .init($0.key, .string($0.value)) })))
    }
    var offset = 0
    for tensor in contents.tensors {
      let (type, size) =
        switch tensor.values {
        case .float32(let values): ("F32", values.count * 4)
        case .int64(let values): ("I64", values.count * 8)
        }
      entries.append(
        .init(
          tensor.name,
          .object([
            .init("dtype", .string(type)), .init("shape", .array(tensor.shape.map(JSON.integer))),
            .init("data_offsets", .array([.integer(offset), .integer(offset + size)])),
          ])))
      offset += size
    }
    var header = JSON.object(entries).text
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var data = Data(capacity: 8 + header.utf8.count + offset)
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    for tensor in contents.tensors {
      switch tensor.values {
      case .float32(let values): values.withUnsafeBytes { data.append(contentsOf: $0) }
      case .int64(let values): values.withUnsafeBytes { data.append(contentsOf: $0) }
      }
    }
    return data
  }

  /// Writes a file atomically.
  package static func write(_ contents: Contents, to path: String) throws(SweepError) {
    try AtomicFile.write(encode(contents), to: path)
  }

  /// Throws if the file cannot be read, is truncated, or has unsupported element types.
  package static func read(_ path: String) throws(SweepError) -> Contents {
    try decode(Data(FileContents.read(path)), source: path)
  }

  /// Decodes a file's bytes; errors name `source`.
  package static func decode(_ data: Data, source: String) throws(SweepError) -> Contents {
    func broken(_ what: String) -> SweepError {
      SweepError(.badInput, at: source, "not a whole safetensors file: \(what)")
    }
    guard data.count >= 8 else { throw broken("it has \(Format.count(data.count, "byte"))") }
    // A zip archive, PyTorch's since 1.6, or a bare pickle with its magic number.
    guard !data.starts(with: "PK\u{3}\u{4}".utf8), !data.starts(with: [0x80, 2, 0x8A, 0x0A]) else {
      throw SweepError(
        .badInput, at: source, "this is a torch.save file, not a safetensors file",
        advice:
          "in Python: safetensors.torch.save_file(model.state_dict(), \"weights.safetensors\")")
    }
    let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= UInt64(data.count - 8) else { throw broken("its header is cut short") }
    let start = data.startIndex + 8 + Int(length)
    let header = Array(data[(data.startIndex + 8)..<start])
    guard let root = try? JSONParser.parse(header, file: source),
      case .object(let members) = root.kind
    else { throw broken("its header is not valid JSON") }
    var contents = Contents(tensors: [])
    var entries: [Entry] = []
    for member in members {
      if member.key == "__metadata__", let metadata = member.value.strings {
        contents.metadata = metadata
      } else if let entry = Entry(member) {
        entries.append(entry)
      } else {
        throw broken("its header's entry '\(member.key)' is invalid")
      }
    }
    entries.sort { ($0.begin, $0.name) < ($1.begin, $1.name) }
    let body = data[start...]
    var end = 0
    for entry in entries {
      guard let type = ElementType(rawValue: entry.type) else {
        throw SweepError(
          .badInput, at: source, "tensor '\(entry.name)' has elements of type \(entry.type)",
          advice: "save it as float32: tensor.float()")
      }
      guard let count = entry.elementCount, entry.begin == end, entry.end <= body.count,
        count.multipliedReportingOverflow(by: type.size) == (entry.end - entry.begin, false)
      else {
        throw broken("tensor '\(entry.name)' does not fit its shape, its type or the file")
      }
      end = entry.end
      let bytes = body[(start + entry.begin)..<(start + entry.end)]
      contents.tensors.append(
        NamedTensor(name: entry.name, shape: entry.shape, values: type.values(bytes)))
    }
    guard end == body.count else {
      throw broken("its end, \(Format.count(body.count - end, "byte")), belongs to no tensor")
    }
    return contents
  }
}

/// The supported element types.
private enum ElementType: String {
  case float32 = "F32"
  case int64 = "I64"
  case float16 = "F16"
  case bfloat16 = "BF16"

  var size: Int {
    switch self {
    case .float16, .bfloat16: 2
    case .float32: 4
    case .int64: 8
    }
  }

  /// The elements as float32 or int64; half-precision values are converted exactly.
  func values(_ bytes: Data) -> NamedTensor.Values {
    switch self {
    case .float32: .float32(Self.array(bytes))
    case .int64: .int64(Self.array(bytes))
    case .float16:
      .float32(Self.array(bytes).map { (bits: UInt16) in Float(Float16(bitPattern: bits)) })
    case .bfloat16:
      .float32(Self.array(bytes).map { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) })
    }
  }

  private static func array<Element: BitwiseCopyable>(_ bytes: Data) -> [Element] {
    let count = bytes.count / MemoryLayout<Element>.stride
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      _ = bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }
}

private struct Entry {
  let name: String
  let type: String
  let shape: [Int]
  let begin: Int
  let end: Int

  init?(_ member: JSONValue.Member) {
    guard case .string(let type)? = member.value.member("dtype")?.value.kind,
      let shape = member.value.member("shape")?.value.integers,
      let offsets = member.value.member("data_offsets")?.value.integers,
      offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0]
    else { return nil }
    name = member.key
    self.type = type
    self.shape = shape
    (begin, end) = (offsets[0], offsets[1])
  }

  /// The product of the shape; nil if it is negative or too large.
  var elementCount: Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}
