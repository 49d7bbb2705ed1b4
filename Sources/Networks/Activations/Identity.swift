/// f(z) = z.
package struct Identity: Activation {
  package static let name = "identity"
  package static let title = ""

  /// The function; it has no parameters.
  package init() {}

  package var onnx: [ONNXOperator] { [] }
}
