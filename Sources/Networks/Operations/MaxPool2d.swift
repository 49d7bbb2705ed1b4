/// The largest value of each window per channel, as PyTorch's `MaxPool2d`: the padding is −∞, and
/// the gradient goes to the first maximum of the window in row-major order.
package struct MaxPool2d: Operation, SlidingWindow {
  package var kernelSize: Int
  package var stride: Int
  package var padding: Padding

  package init(kernelSize: Int, stride: Int, padding: Padding = .symmetric(0)) {
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  package var title: String { "\(kernelSize)×\(kernelSize) max pool" + strideText }

  package func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    ValueShape(extent: try extent(of: inputs[0].extent), channels: inputs[0].channels)
  }

  package func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [ONNXOperator("MaxPool", attributes: onnxAttributes(input: inputs[0], groups: nil))]
  }
}
