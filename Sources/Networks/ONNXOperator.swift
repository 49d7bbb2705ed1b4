/// An operator of an exported layer's ONNX graph: https://onnx.ai/onnx/operators.
///
/// It reads the result of the previous operator, then `operands`.
package struct ONNXOperator: Sendable {
  /// A further input of the operator.
  package enum Operand: Sendable {
    /// A tensor of the network's state.
    case tensor(String)
    /// Another input of the layer, by its index in `Network.Node.inputs`.
    case input(Int)
    /// The input of the previous operator.
    case inputOfPrevious
    case scalar(Float)
    /// A constant list of axes; `name` is its name in the file.
    case axes(name: String, [Int64])
  }

  package enum Attribute: Sendable {
    case integer(Int)
    case integers([Int])
    case float(Float)
  }

  package var type: String
  /// The inputs after the result of the previous operator.
  package var operands: [Operand]
  package var attributes: KeyValuePairs<String, Attribute>

  package init(
    _ type: String, _ operands: [Operand] = [],
    attributes: KeyValuePairs<String, Attribute> = [:]
  ) {
    self.type = type
    self.operands = operands
    self.attributes = attributes
  }
}
