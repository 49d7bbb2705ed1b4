/// The largest value of each window, channel by channel, as PyTorch's `MaxPool2d` defines it: the
/// padding is −∞, and the gradient goes to the first maximum of the window, row by row.
public struct MaxPool2d: Operation, SlidingWindow {
  /// Height and width of the window in pixels.
  public var kernelSize: Int
  /// Pixels between two windows.
  public var stride: Int
  /// Padding around the input.
  public var padding: Padding

  /// A pool over windows of `kernelSize × kernelSize`.
  public init(kernelSize: Int, stride: Int, padding: Padding = .symmetric(0)) {
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  /// A short description for tables.
  public var title: String { "\(kernelSize)×\(kernelSize) max pool" + strideText }

  /// The output's shape; throws if the inputs do not fit.
  public func output(of inputs: [ValueShape]) throws(ShapeMismatch) -> ValueShape {
    ValueShape(extent: try extent(of: inputs[0].extent), channels: inputs[0].channels)
  }

  /// The ONNX nodes.
  public func onnx(inputs: [Shape]) -> [ONNXOperator] {
    [ONNXOperator("MaxPool", attributes: onnxAttributes(input: inputs[0], groups: nil))]
  }
}
