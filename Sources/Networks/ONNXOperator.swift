/// One operator of the ONNX graph that a layer is exported as: https://onnx.ai/onnx/operators.
///
/// The operator reads the result of the operator before it, then `operands`.
package struct ONNXOperator: Sendable {
  /// A value that the operator reads besides the result of the operator before it.
  package enum Operand: Sendable {
    /// A tensor of the network's state, by its name.
    case tensor(String)
    /// Another input of the layer, by its index in `Network.Node.inputs`.
    case input(Int)
    /// The value that the operator before this one reads.
    case inputOfPrevious
    case scalar(Float)
    /// A constant list of axes; `name` names it in the file.
    case axes(name: String, [Int64])
  }

  package enum Attribute: Sendable {
    case integer(Int)
    case integers([Int])
    case float(Float)
  }

  package var type: String
  /// What it reads besides the result of the operator before it.
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
