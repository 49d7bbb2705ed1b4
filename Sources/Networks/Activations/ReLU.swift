/// f(z) = max(z, 0).
package struct ReLU: Activation {
  package static let name = "relu"
  package static let title = "ReLU"

  package init() {}

  package var onnx: [ONNXOperator] { [ONNXOperator("Relu")] }
}
