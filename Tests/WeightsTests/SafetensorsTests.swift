import Common
import Foundation
import Testing

@testable import Weights

@Suite struct SafetensorsTests {
  private let contents = Safetensors.Contents(
    tensors: [
      NamedTensor(name: "a.weight", shape: [2, 3], values: .float32([1, 2, 3, -4, .nan, 6])),
      NamedTensor(name: "steps", shape: [], values: .int64([-7])),
      NamedTensor(name: "empty", shape: [0, 4], values: .float32([])),
    ], metadata: ["a \"key\"": "line\nbreak"])

  @Test("What is written is what is read, to the bit")
  func roundTrip() throws {
    let data = Safetensors.encode(contents)
    let read = try Safetensors.decode(data, source: "test")
    #expect(read.metadata == contents.metadata)
    #expect(Set(read.tensors.map(\.name)) == ["a.weight", "steps", "empty"])
    for tensor in contents.tensors {
      let other = try #require(read.tensors.first { $0.name == tensor.name })
      #expect(other.shape == tensor.shape)
      #expect(other.floats?.map(\.bitPattern) == tensor.floats?.map(\.bitPattern))
    }
    #expect(data.count % 8 == 0)
  }

  @Test("A file cut short anywhere is refused")
  func truncated() {
    let data = Safetensors.encode(contents)
    for count in 0..<data.count {
      #expect(throws: SweepError.self) {
        try Safetensors.decode(data.prefix(count), source: "test")
      }
    }
  }

  @Test(
    "A file of torch.save is told as one, with how to make the right one",
    arguments: [[0x50, 0x4B, 3, 4, 0, 0, 8, 8], [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46]])
  func pickles(start: [UInt8]) {
    let error = #expect(throws: SweepError.self) {
      try Safetensors.decode(Data(start + Array(repeating: 0, count: 99)), source: "model.pth")
    }
    #expect(
      error?.description.hasPrefix(
        "model.pth: this is a torch.save file, not a safetensors file; in Python: safetensors.")
        == true)
  }

  private func file(_ type: String, _ bytes: [UInt8]) -> Data {
    let header =
      #"{"a":{"dtype":"\#(type)","shape":[2],"data_offsets":[0,\#(bytes.count)]}}"#
    var data = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    return data + Data(header.utf8) + Data(bytes)
  }

  @Test("Half precision is widened exactly; other types are named")
  func types() throws {
    let half = try Safetensors.decode(file("F16", [0x00, 0x3E, 0x01, 0x80]), source: "test")
    #expect(half.tensors[0].floats == [1.5, -0x1p-24])
    let brain = try Safetensors.decode(file("BF16", [0xC0, 0x3F, 0x80, 0xC0]), source: "test")
    #expect(brain.tensors[0].floats == [1.5, -4])
    let error = #expect(throws: SweepError.self) {
      try Safetensors.decode(file("F64", Array(repeating: 0, count: 16)), source: "test")
    }
    #expect(error?.message == "tensor 'a' has elements of type F64")
  }

  @Test(
    "Headers that lie are refused",
    arguments: [
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
      #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
      #"{"a":3}"#, #"[]"#, #"{}"#, "not JSON",
    ])
  func lies(header: String) {
    var data = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    data.append(contentsOf: [0, 0, 0, 0])
    #expect(throws: SweepError.self) { try Safetensors.decode(data, source: "test") }
  }
}
