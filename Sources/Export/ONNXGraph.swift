import Common
import Foundation

/// A graph of ONNX operators in the making: `GraphProto` of onnx.proto.
struct ONNXGraph {
  /// An operator's attribute.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case float(Float)
  }

  /// An operator that reads the value before it, then `operands`.
  struct Step {
    var type: String
    var operands: [String] = []
    var attributes: KeyValuePairs<String, Attribute> = [:]
  }

  /// The fields so far.
  private(set) var message = ProtobufMessage()
  /// The values that operators read beside those of their chain.
  private(set) var operands: Set<String> = []
  private var names: Set<String> = []

  /// A graph that makes `output` of `input`, float32 values of the given shapes for each image of a
  /// batch of any size.
  init(name: String, input: (name: String, shape: [Int]), output: (name: String, shape: [Int])) {
    message.add(2, string: name)
    for (field, value) in [(11, input), (12, output)] {
      names.insert(value.name)
      message.add(field) { info in
        info.add(1, string: value.name)
        info.add(2) { type in
          type.add(1) { tensor in
            tensor.add(1, integer: Self.float)
            tensor.add(2) { shape in
              shape.add(1) { $0.add(2, string: "N") }
              for size in value.shape { shape.add(1) { $0.add(1, integer: size) } }
            }
          }
        }
      }
    }
  }

  /// A constant of 32-bit floats; a scalar where `shape` is empty.
  mutating func addConstant(_ name: String, shape: [Int], floats: [Float]) {
    addConstant(name, shape: shape, type: Self.float, bytes: Self.bytes(floats.map(\.bitPattern)))
  }

  /// A constant of 64-bit integers.
  mutating func addConstant(_ name: String, integers: [Int64]) {
    addConstant(
      name, shape: [integers.count], type: Self.int64, bytes: Self.bytes(integers))
  }

  /// Appends `steps`, each of which reads the value of the one before, the first one `input`; gives
  /// the name of the last one's value, `output` where that is given.
  mutating func addChain(
    _ steps: [Step], input: String, name: String, output: String? = nil
  ) -> String {
    var value = input
    for (index, step) in steps.enumerated() {
      let operation = unused("\(name)/\(step.type)")
      let result = index == steps.count - 1 ? output ?? operation : operation
      operands.formUnion(step.operands)
      message.add(1) { node in
        for operand in [value] + step.operands { node.add(1, string: operand) }
        node.add(2, string: result)
        node.add(3, string: operation)
        node.add(4, string: step.type)
        for (name, attribute) in step.attributes {
          node.add(5) { Self.fill(&$0, name, attribute) }
        }
      }
      value = result
    }
    return value
  }

  // `TensorProto.DataType`.
  private static let float = 1
  private static let int64 = 7

  /// `TensorProto`: dims 1, data_type 2, name 8, raw_data 9.
  private mutating func addConstant(_ name: String, shape: [Int], type: Int, bytes: Data) {
    names.insert(name)
    message.add(5) { tensor in
      for size in shape { tensor.add(1, integer: size) }
      tensor.add(2, integer: type)
      tensor.add(8, string: name)
      tensor.add(9, bytes: bytes)
    }
  }

  /// `AttributeProto`: name 1, f 2, i 3, ints 8, type 20.
  private static func fill(
    _ message: inout ProtobufMessage, _ name: String, _ attribute: Attribute
  ) {
    message.add(1, string: name)
    switch attribute {
    case .float(let value):
      message.add(2, float: value)
      message.add(20, integer: 1)
    case .integer(let value):
      message.add(3, integer: value)
      message.add(20, integer: 2)
    case .integers(let values):
      for value in values { message.add(8, integer: value) }
      message.add(20, integer: 7)
    }
  }

  /// The name, or where that is taken, the name with a number.
  private mutating func unused(_ name: String) -> String {
    var candidate = name
    var number = 2
    while !names.insert(candidate).inserted {
      candidate = "\(name)_\(number)"
      number += 1
    }
    return candidate
  }

  private static func bytes<Number: FixedWidthInteger>(_ values: [Number]) -> Data {
    values.map(\.littleEndian).withUnsafeBytes { Data($0) }
  }
}
