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
    /// A constant float.
    case scalar(Float)
    /// A constant list of axes; `name` names it in the file.
    case axes(name: String, [Int64])
  }

  /// An attribute's value.
  package enum Attribute: Sendable {
    /// A whole number.
    case integer(Int)
    /// A list of whole numbers.
    case integers([Int])
    /// A float.
    case float(Float)
  }

  /// The operator's type, `Conv`.
  package var type: String
  /// What it reads besides the result of the operator before it.
  package var operands: [Operand]
  /// Its attributes.
  package var attributes: KeyValuePairs<String, Attribute>

  /// An operator of type `type`.
  package init(
    _ type: String, _ operands: [Operand] = [],
    attributes: KeyValuePairs<String, Attribute> = [:]
  ) {
    self.type = type
    self.operands = operands
    self.attributes = attributes
  }
}
