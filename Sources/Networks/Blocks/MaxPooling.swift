import Common

/// A max pool; by default PyTorch's `MaxPool2d(kernel_size=3, stride=1, padding=1)`.
struct MaxPooling: Block {
  static let name = "max_pool"
  static let keys = ["kernel", "stride", "padding"]

  private let kernelSize: Int
  private let stride: Int
  private let padding: Padding

  var narrowest: Double { .infinity }

  init(_ row: BlockRow) throws(SweepError) {
    kernelSize = try row.kernel() ?? 3
    stride = try row.stride()
    padding = row.style.padding.padding(kernelSize: kernelSize)
  }

  func append(to builder: inout NetworkBuilder, isFirst: Bool) {
    builder.append(
      MaxPool2d(kernelSize: kernelSize, stride: isFirst ? stride : 1, padding: padding),
      builder.block)
  }
}
