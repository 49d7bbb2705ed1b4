/// The mean over height and width: `[N, H, W, C]` → `[N, C]`.
package struct GlobalAveragePool: Operation {
  package init() {}

  package var title: String { "average pool" }

  package func output(of inputs: [ValueShape]) -> ValueShape {
    ValueShape(extent: .one, channels: inputs[0].channels)
  }

  package func thopExtra(input: Shape, output: Shape) -> Int {
    (input.height * input.width + 1) * output.count
  }

  package func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [ONNXOperator("GlobalAveragePool"), ONNXOperator("Flatten", attributes: ["axis": .integer(1)])]
  }
}
