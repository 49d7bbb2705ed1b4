/// f(z) = min(max(z + 3, 0), 6) / 6.
package struct HardSigmoid: Activation {
  package static let name = "hard_sigmoid"
  package static let title = "Hardsigmoid"

  package init() {}

  package var onnx: [ONNXOperator] {
    [ONNXOperator("HardSigmoid", attributes: ["alpha": .float(1.0 / 6), "beta": .float(0.5)])]
  }
}
