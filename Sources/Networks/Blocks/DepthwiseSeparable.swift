import Common

/// A depthwise convolution and a pointwise (1×1) convolution, both normalized and activated: the
/// block of MobileNet V1 (Howard et al., 2017).
struct DepthwiseSeparable: Block {
  static let name = "depthwise_separable"
  static let keys = RowReader.convolutionKeys

  private let row: Architecture.ConvolutionRow

  var narrowest: Double { Double(row.channels) }

  init(_ row: BlockRow) throws(SweepError) { self.row = try row.convolution(kernelSize: 3) }

  func append(to builder: inout NetworkBuilder, isFirst: Bool) throws(SweepError) {
    let depthwise = builder.convolution(
      "depthwise", "residual.0", (convolution: "conv_dw", batchNorm: "bn1"))
    let pointwise = builder.convolution(
      "pointwise", "residual.1", (convolution: "conv_pw", batchNorm: "bn2"))
    let output = try builder.scaled(row.channels)
    builder.append(
      depthwise, channels: builder.channels, kernelSize: row.kernelSize,
      stride: isFirst ? row.stride : 1, depthwise: true, style: row.style)
    builder.append(pointwise, channels: output, style: row.style)
  }
}
