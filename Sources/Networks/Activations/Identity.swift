/// f(z) = z.
package struct Identity: Activation {
  package static let name = "identity"
  package static let title = ""

  package init() {}

  package var onnx: [ONNXOperator] { [] }
}
