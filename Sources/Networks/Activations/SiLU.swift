/// f(z) = z / (1 + exp(−z)), also called swish (Ramachandran et al., 2017).
package struct SiLU: Activation {
  package static let name = "silu"
  package static let title = "SiLU"

  package init() {}

  package var onnx: [ONNXOperator] {
    [ONNXOperator("Sigmoid"), ONNXOperator("Mul", [.inputOfPrevious])]
  }
}
