/// The naming scheme of the parameters, which determines the PyTorch classes whose `state_dict`
/// they match.
package enum ModuleNames: String, Sendable, CaseIterable {
  /// The study's: `stem.conv_block.0`, `feature_ext.3.res_block.1.conv_block.0`, `tail`,
  /// `classifier.2`.
  case featureExt = "feature_ext"
  /// Common for MobileNet V3: `first_conv.0`, `bottlenecks.3.residual.1.0`, `last_conv.0`,
  /// `fc1.0`, `fc2.1`.
  case bottlenecks
  /// Common for MobileNet V1 with one module per row: `conv1`, `DSconv7.0.conv_dw`, `fc`.
  case dsConv = "DSconv"

  /// The modules of a convolution, its normalization and its activation.
  struct ConvolutionNames {
    var module: String
    var convolution: String
    var batchNorm: String
  }

  /// The module of block `index` of the network: repetition `repetition` of `repeats` in row `row`.
  func block(_ index: Int, row: Int, repetition: Int, repeats: Int) -> String {
    switch self {
    case .featureExt, .bottlenecks: "\(rawValue).\(index)"
    case .dsConv: "\(rawValue)\(row + 1)" + (repeats == 1 ? "" : ".\(repetition)")
    }
  }

  var stem: ConvolutionNames { alone("stem", "first_conv", 1) }
  var tail: ConvolutionNames { alone("tail", "last_conv", 2) }

  /// A convolution of a block, below the block's module: each scheme has its own name for it, and
  /// `DSconv` one for the batch normalization too.
  func convolution(
    _ block: String, _ featureExt: String, _ bottlenecks: String,
    _ dsConv: (convolution: String, batchNorm: String)
  ) -> ConvolutionNames {
    let module = module(block, featureExt, bottlenecks, dsConv.convolution)
    return self == .dsConv ? bare(module, "\(block).\(dsConv.batchNorm)") : inBlock(module)
  }

  /// A module within a block; an empty name stands for the block itself.
  func module(
    _ block: String, _ featureExt: String, _ bottlenecks: String, _ dsConv: String
  ) -> String {
    let name =
      switch self {
      case .featureExt: featureExt
      case .bottlenecks: bottlenecks
      case .dsConv: dsConv
      }
    return name.isEmpty ? block : "\(block).\(name)"
  }

  var pool: String {
    switch self {
    case .featureExt: "classifier.0"
    case .bottlenecks: "avgpool"
    case .dsConv: "pool"
    }
  }

  func hidden(_ index: Int) -> String {
    switch self {
    // Hidden layers follow the pool and flattening; each has an activation after it.
    case .featureExt: "classifier.\(2 + 2 * index)"
    case .bottlenecks: "fc\(index + 1).0"
    case .dsConv: "fc\(index + 1)"
    }
  }

  /// The dropout after `hidden` hidden layers; without `hasDropout`, the table has none and the
  /// module has no number.
  func dropout(hidden: Int, hasDropout: Bool) -> String {
    switch self {
    case .featureExt: "classifier." + (hasDropout ? "\(2 + 2 * hidden)" : "dropout")
    case .bottlenecks: "fc\(hidden + 1).0"
    case .dsConv: "dropout"
    }
  }

  /// The last layer, after `hidden` hidden ones.
  func classifier(hidden: Int, hasDropout: Bool) -> String {
    switch self {
    case .featureExt: "classifier.\(2 + 2 * hidden + (hasDropout ? 1 : 0))"
    case .bottlenecks: "fc\(hidden + 1).1"
    case .dsConv: "fc"
    }
  }

  private func alone(_ featureExt: String, _ bottlenecks: String, _ number: Int) -> ConvolutionNames
  {
    switch self {
    case .featureExt: inBlock(featureExt)
    case .bottlenecks: inBlock(bottlenecks)
    case .dsConv: bare("conv\(number)", "bn\(number)")
    }
  }

  /// A module that contains its convolution and its normalization.
  private func inBlock(_ module: String) -> ConvolutionNames {
    let inner = self == .featureExt ? "\(module).conv_block" : module
    return ConvolutionNames(module: module, convolution: "\(inner).0", batchNorm: "\(inner).1")
  }

  /// A convolution and a normalization side by side.
  private func bare(_ convolution: String, _ batchNorm: String) -> ConvolutionNames {
    ConvolutionNames(module: convolution, convolution: convolution, batchNorm: batchNorm)
  }
}
