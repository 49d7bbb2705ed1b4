/// The operation of a node: its shape rule, parameters, cost and ONNX operators.
///
/// An engine extends each type with its execution.
package protocol Operation: Sendable {
  /// A short description, `3×3 depthwise /2, ReLU6`.
  var title: String { get }
  var inputCount: Int { get }
  /// Whether it can read the images, whose three channels are not padded.
  var readsImages: Bool { get }
  /// The activation that readers of its output apply.
  var activation: any Activation { get }
  /// The batch normalization of its output, if any.
  var batchNorm: BatchNorm2d? { get }
  /// The index of the input that `onnx` reads first.
  var onnxInput: Int { get }

  /// The output shape for `inputCount` inputs of the given shapes.
  ///
  /// Throws if the operation cannot read such inputs.
  func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape
  /// The operation's tensors as node `node`, in the order of PyTorch's `state_dict`.
  func parameters(ofNode node: Int) -> [ParameterSpec]
  /// Multiply-accumulates for one image.
  func macs(output: Shape) -> Int
  /// The additional count of thop 0.1.1 for one image.
  func thopExtra(input: Shape, output: Shape) -> Int
  /// The ONNX operators for inputs of the given shapes, in execution order.
  func onnx(inputs: [Shape]) -> [ONNXOperator]
}

extension Operation {
  package var inputCount: Int { 1 }
  package var readsImages: Bool { false }
  package var activation: any Activation { Identity() }
  package var batchNorm: BatchNorm2d? { nil }
  package var onnxInput: Int { 0 }
  package func parameters(ofNode node: Int) -> [ParameterSpec] { [] }
  package func macs(output: Shape) -> Int { 0 }
  package func thopExtra(input: Shape, output: Shape) -> Int { 0 }
}

/// The reason why an operation cannot read its inputs.
package struct ShapeMismatch: Error, Sendable, Equatable {
  package let reason: String

  package init(_ reason: String) { self.reason = reason }

  static func check(_ condition: Bool, _ reason: @autoclosure () -> String) throws(ShapeMismatch) {
    if !condition { throw ShapeMismatch(reason()) }
  }
}
