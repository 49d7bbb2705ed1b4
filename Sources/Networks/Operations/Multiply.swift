/// The first input, `[N, H, W, C]`, times the second, `[N, C]`, at every pixel: the last step of
/// squeeze-and-excitation (Hu et al., 2018, equation 4).
package struct Multiply: Operation {
  package init() {}

  package var title: String { "scale" }
  package var inputCount: Int { 2 }
  package var onnxInput: Int { 1 }

  package func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    let (map, gate) = (inputs[0], inputs[1])
    try ShapeMismatch.check(
      gate.extent == .one && map.channels == gate.channels,
      "its gate is \(gate) for a map of \(map.channels) channels")
    return map
  }

  package func onnx(inputs: [Shape]) -> [ONNXOperator] {
    // The gate is reshaped to height and width 1, then broadcast over the map.
    [
      ONNXOperator("Unsqueeze", [.axes(name: "plane", [2, 3])]), ONNXOperator("Mul", [.input(0)]),
    ]
  }
}
