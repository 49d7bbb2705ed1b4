/// f(z) = min(max(z, 0), 6).
package struct ReLU6: Activation {
  package static let name = "relu6"
  package static let title = "ReLU6"

  package init() {}

  package var onnx: [ONNXOperator] { [ONNXOperator("Clip", [.scalar(0), .scalar(6)])] }
}
