import Common
import Foundation
import Networks

/// A graph of ONNX operators under construction: `GraphProto` of onnx.proto.
struct ONNXGraph {
  private(set) var message = ProtobufMessage()
  /// The constants that operators read besides the network's tensors, by name.
  private var constants: [String: ONNXOperator.Operand] = [:]
  private var names: Set<String> = []

  /// A graph from `input` to `output`, float32 values with the given shapes per image; the batch
  /// size is free.
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

  /// A constant of 32-bit floats; a scalar if `shape` is empty.
  mutating func addConstant(_ name: String, shape: [Int], floats: [Float]) {
    addConstant(name, shape: shape, type: Self.float, bytes: Self.bytes(floats.map(\.bitPattern)))
  }

  /// A constant of 64-bit integers.
  private mutating func addConstant(_ name: String, integers: [Int64]) {
    addConstant(
      name, shape: [integers.count], type: Self.int64, bytes: Self.bytes(integers))
  }

  /// Appends the operators of the layer `name`, the first of which reads input `first` of `inputs`.
  ///
  /// Returns the name of the last result, which is `output` if given.
  mutating func addLayer(
    _ operators: [ONNXOperator], inputs: [String], first: Int, name: String, output: String? = nil
  ) -> String {
    var value = inputs[first]
    var previous = value
    for (index, step) in operators.enumerated() {
      let operation = unused("\(name)/\(step.type)")
      let result = index == operators.count - 1 ? output ?? operation : operation
      let operands = step.operands.map { operand(of: $0, inputs: inputs, previous: previous) }
      message.add(1) { node in
        for operand in [value] + operands { node.add(1, string: operand) }
        node.add(2, string: result)
        node.add(3, string: operation)
        node.add(4, string: step.type)
        for (name, attribute) in step.attributes {
          node.add(5) { Self.fill(&$0, name, attribute) }
        }
      }
      (previous, value) = (value, result)
    }
    return value
  }

  /// The name of an operand; constants' names have a slash, which module names lack.
  private mutating func operand(
    of operand: ONNXOperator.Operand, inputs: [String], previous: String
  ) -> String {
    let name: String
    switch operand {
    case .tensor(let tensor): return tensor
    case .input(let index): return inputs[index]
    case .inputOfPrevious: return previous
    case .scalar(let value): name = "constant/\(Format.compact(Double(value)))"
    case .axes(let axes, _): name = "constant/\(axes)"
    }
    constants[name] = operand
    return name
  }

  /// Appends the constants that operators have used.
  mutating func addConstants() {
    for (name, constant) in constants.sorted(by: { $0.key < $1.key }) {
      switch constant {
      case .scalar(let value): addConstant(name, shape: [], floats: [value])
      case .axes(_, let values): addConstant(name, integers: values)
      case .tensor, .input, .inputOfPrevious: break
      }
    }
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
    _ message: inout ProtobufMessage, _ name: String, _ attribute: ONNXOperator.Attribute
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

  /// The name, with a number if it is taken.
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
