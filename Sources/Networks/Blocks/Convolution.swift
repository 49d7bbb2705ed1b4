import Common

/// One convolution with normalization and activation.
struct Convolution: Block {
  static let name = "conv"
  static let keys = RowReader.convolutionKeys

  private let row: Architecture.ConvolutionRow

  var narrowest: Double { Double(row.channels) }

  init(_ row: BlockRow) throws(SweepError) { self.row = try row.convolution(kernelSize: 3) }

  func append(to builder: inout NetworkBuilder, isFirst: Bool) throws(SweepError) {
    let names = builder.convolution("", "residual.0", (convolution: "conv", batchNorm: "bn"))
    builder.append(
      names, channels: try builder.scaled(row.channels), kernelSize: row.kernelSize,
      stride: isFirst ? row.stride : 1, style: row.style)
  }
}
