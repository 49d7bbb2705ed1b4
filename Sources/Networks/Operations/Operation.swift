/// What a node of a network computes: its shape rule, parameters, cost and ONNX operators.
///
/// An engine extends each type with its execution.
package protocol Operation: Sendable {
  /// The operation in a few words, `3×3 depthwise /2, ReLU6`.
  var title: String { get }
  var inputCount: Int { get }
  /// Whether it can read the images, whose three channels are not padded.
  var readsImages: Bool { get }
  /// The activation that the readers of its output apply.
  var activation: any Activation { get }
  /// The batch normalization of its output; nil if there is none.
  var batchNorm: BatchNorm2d? { get }
  /// Which input is the first one that `onnx` reads.
  var onnxInput: Int { get }

  /// The shape of the output for `inputCount` inputs of the given shapes.
  ///
  /// Throws where the operation cannot read such inputs.
  func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape
  /// The tensors of the operation as node `node`, in the order of PyTorch's `state_dict`.
  func parameters(ofNode node: Int) -> [ParameterSpec]
  /// Multiply-accumulates for one image.
  func macs(output: Shape) -> Int
  /// What thop 0.1.1 counts for one image in addition to `macs`.
  func thopExtra(input: Shape, output: Shape) -> Int
  /// The ONNX operators for inputs of the given shapes, in running order.
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

/// Why an operation cannot read its inputs.
package struct ShapeMismatch: Error, Sendable, Equatable {
  package let reason: String

  package init(_ reason: String) { self.reason = reason }

  static func check(_ condition: Bool, _ reason: @autoclosure () -> String) throws(ShapeMismatch) {
    if !condition { throw ShapeMismatch(reason()) }
  }
}
