import Common
import Foundation

/// The safetensors format: 8 bytes of header length (little-endian), a JSON header, the raw
/// tensors.
///
/// Tensors are float32 or 64-bit integers. https://huggingface.co/docs/safetensors describes the
/// format.
public enum Safetensors {
  /// A file's tensors, in the order of their places, and its `__metadata__`.
  public struct Contents: Sendable, Equatable {
    /// The tensors.
    public var tensors: [NamedTensor]
    /// The `__metadata__` entries.
    public var metadata: [String: String]

    /// Contents of the given parts.
    public init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
      self.tensors = tensors
      self.metadata = metadata
    }
  }

  /// The bytes of a file of these contents; the same contents give the same bytes.
  public static func encode(_ contents: Contents) -> Data {
    var entries: [String] = []
    if !contents.metadata.isEmpty {
      let pairs = contents.metadata.sorted { $0.key < $1.key }
        .map { "\(quote($0.key)):\(quote($0.value))" }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in contents.tensors {
      let (type, size) =
        switch tensor.values {
        case .float32(let values): ("F32", values.count * 4)
        case .int64(let values): ("I64", values.count * 8)
        }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(quote(tensor.name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(offset + size)]}")
      offset += size
    }
    var header = "{\(entries.joined(separator: ","))}"
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

  /// Writes a file whole or not at all.
  public static func write(_ contents: Contents, to path: String) throws(SweepError) {
    try AtomicFile.write(encode(contents), to: path)
  }

  /// Reads a file.
  ///
  /// Throws where it cannot be read, is cut short, or is not a safetensors file of float32 and
  /// 64-bit integers.
  public static func read(_ path: String) throws(SweepError) -> Contents {
    try decode(Data(FileContents.read(path)), source: path)
  }

  /// The contents of a file's bytes; `source` names them in errors.
  public static func decode(_ data: Data, source: String) throws(SweepError) -> Contents {
    func broken(_ what: String) -> SweepError {
      SweepError(.badInput, at: source, "not a whole safetensors file: \(what)")
    }
    guard data.count >= 8 else { throw broken("it has \(Format.count(data.count, "byte"))") }
    // A zip archive, PyTorch's since 1.6, or a bare pickle with its magic number.
    guard !data.starts(with: "PK\u{3}\u{4}".utf8), !data.starts(with: [0x80, 2, 0x8A, 0x0A]) else {
      throw SweepError(
        .badInput, at: source, "it is a file of torch.save, not a safetensors file",
        advice:
          "in Python: safetensors.torch.save_file(model.state_dict(), \"weights.safetensors\")")
    }
    let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= UInt64(data.count - 8) else { throw broken("its header is cut short") }
    let start = data.startIndex + 8 + Int(length)
    let header: [String: Entry]
    do {
      header = try JSONDecoder().decode(
        [String: Entry].self, from: data[(data.startIndex + 8)..<start])
    } catch {
      throw broken("its header is not the JSON it should be")
    }
    var contents = Contents(tensors: [], metadata: header["__metadata__"]?.metadata ?? [:])
    let body = data[start...]
    let entries = header.filter { $0.key != "__metadata__" }
      .sorted { ($0.value.begin, $0.key) < ($1.value.begin, $1.key) }
    var end = 0
    for (name, entry) in entries {
      guard let count = entry.elementCount, let size = entry.elementSize,
        entry.begin == end, entry.end <= body.count,
        count.multipliedReportingOverflow(by: size) == (entry.end - entry.begin, false)
      else {
        throw broken("tensor '\(name)' does not fit its shape, its type or the file")
      }
      end = entry.end
      let bytes = body[(start + entry.begin)..<(start + entry.end)]
      contents.tensors.append(
        NamedTensor(
          name: name, shape: entry.shape ?? [],
          values: size == 4 ? .float32(array(bytes)) : .int64(array(bytes))))
    }
    guard end == body.count else {
      throw broken("its end, \(Format.count(body.count - end, "byte")), belongs to no tensor")
    }
    return contents
  }

  private static func array<Element: BitwiseCopyable>(_ bytes: Data) -> [Element] {
    let count = bytes.count / MemoryLayout<Element>.stride
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      _ = bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }

  private static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// A header entry: a tensor, or the metadata's strings.
  private struct Entry: Decodable {
    var dtype: String?
    var shape: [Int]?
    var begin = 0
    var end = 0
    var metadata: [String: String] = [:]

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      guard decoder.codingPath.last?.stringValue != "__metadata__" else {
        for key in container.allKeys {
          metadata[key.stringValue] = try container.decode(String.self, forKey: key)
        }
        return
      }
      dtype = try container.decode(String.self, forKey: Key(stringValue: "dtype"))
      shape = try container.decode([Int].self, forKey: Key(stringValue: "shape"))
      let offsets = try container.decode([Int].self, forKey: Key(stringValue: "data_offsets"))
      guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0] else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "data_offsets"))
      }
      (begin, end) = (offsets[0], offsets[1])
    }

    /// The product of the shape; nil where it is negative or too large.
    var elementCount: Int? {
      var count = 1
      for size in shape ?? [] {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard size >= 0, !overflow else { return nil }
        count = product
      }
      return count
    }

    /// Bytes an element; nil for types that are not read.
    var elementSize: Int? {
      switch dtype {
      case "F32": 4
      case "I64": 8
      default: nil
      }
    }
  }
}
