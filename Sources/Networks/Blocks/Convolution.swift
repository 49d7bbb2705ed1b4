import Common

/// One convolution with normalization and activation.
struct Convolution: Block {
  static let name = "conv"
  static let keys = RowReader.unitKeys

  private let channels: Int
  private let kernelSize: Int
  private let stride: Int
  private let style: Architecture.UnitStyle

  var narrowest: Double { Double(channels) }

  init(_ row: BlockRow) throws(SweepError) {
    channels = try row.channels()
    kernelSize = try row.oddKernel() ?? 3
    stride = try row.stride()
    style = row.style
  }

  func append(to builder: inout NetworkBuilder, isFirst: Bool) throws(SweepError) {
    let names = builder.unit("", "residual.0", (convolution: "conv", batchNorm: "bn"))
    builder.append(
      names, channels: try builder.scaled(channels), kernelSize: kernelSize,
      stride: isFirst ? stride : 1, style: style)
  }
}
