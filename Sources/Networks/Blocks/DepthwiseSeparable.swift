import Common

/// A depthwise convolution and a pointwise (1×1) convolution, both normalized and activated: the
/// block of MobileNet V1 (Howard et al., 2017).
struct DepthwiseSeparable: Block {
  static let name = "depthwise_separable"
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
    let depthwise = builder.unit(
      "depthwise", "residual.0", (convolution: "conv_dw", batchNorm: "bn1"))
    let pointwise = builder.unit(
      "pointwise", "residual.1", (convolution: "conv_pw", batchNorm: "bn2"))
    let output = try builder.scaled(channels)
    builder.append(
      depthwise, channels: builder.channels, kernelSize: kernelSize, stride: isFirst ? stride : 1,
      depthwise: true, style: style)
    builder.append(pointwise, channels: output, style: style)
  }
}
