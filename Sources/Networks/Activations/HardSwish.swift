/// f(z) = z · min(max(z + 3, 0), 6) / 6 (Howard et al., "Searching for MobileNetV3", 2019).
package struct HardSwish: Activation {
  package static let name = "hard_swish"
  package static let title = "Hardswish"

  package init() {}

  package var onnx: [ONNXOperator] { [ONNXOperator("HardSwish")] }
}
