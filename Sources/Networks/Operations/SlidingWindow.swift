/// The border around the input: zeros for a convolution, −∞ for a max pool.
package enum Padding: Sendable, Equatable, Hashable {
  /// The same number of rows and columns at every edge, as in PyTorch's `Conv2d`.
  case symmetric(Int)
  /// TensorFlow's `"same"`: pads until the output is ⌈input / stride⌉ wide; an odd row or column
  /// goes to the bottom or right edge.
  case same
}

/// A square window that slides over the rows and columns of a map.
package protocol SlidingWindow: Sendable {
  /// Height and width of the window.
  var kernelSize: Int { get }
  var stride: Int { get }
  var padding: Padding { get }
}

extension SlidingWindow {
  /// The padding before and after an input of `size` rows or columns.
  package func zeros(around size: Int) -> (before: Int, after: Int) {
    switch padding {
    case .symmetric(let count): return (count, count)
    case .same:
      let total = max(((size + stride - 1) / stride - 1) * stride + kernelSize - size, 0)
      return (total / 2, total - total / 2)
    }
  }

  /// The output's height and width as a function of the input's.
  ///
  /// Throws for a window or stride below 1, and for padding of more than half the window.
  func extent(of input: Extent) throws(ShapeMismatch) -> Extent {
    try ShapeMismatch.check(
      kernelSize > 0 && stride > 0,
      "its window is \(kernelSize)×\(kernelSize) with stride \(stride)")
    switch padding {
    case .same: return try input.divided(offset: stride - 1, by: stride)
    case .symmetric(let count):
      try ShapeMismatch.check(
        count >= 0 && 2 * count <= kernelSize,
        "a padding of \(count) is more than half of its \(kernelSize)×\(kernelSize) window")
      return try input.divided(offset: 2 * count - kernelSize + stride, by: stride)
    }
  }

  /// ` /2` for a stride of 2, empty for a stride of 1.
  var strideText: String { stride == 1 ? "" : " /\(stride)" }

  /// The attributes of ONNX's `Conv` and, without `groups`, `MaxPool`.
  func onnxAttributes(
    input: Shape, groups: Int?
  ) -> KeyValuePairs<String, ONNXOperator.Attribute> {
    let (rows, columns) = (zeros(around: input.height), zeros(around: input.width))
    let kernel = ONNXOperator.Attribute.integers([kernelSize, kernelSize])
    let strides = ONNXOperator.Attribute.integers([stride, stride])
    let pads = ONNXOperator.Attribute.integers([
      rows.before, columns.before, rows.after, columns.after,
    ])
    guard let groups else { return ["kernel_shape": kernel, "strides": strides, "pads": pads] }
    return [
      "kernel_shape": kernel, "strides": strides, "pads": pads, "group": .integer(groups),
    ]
  }
}
