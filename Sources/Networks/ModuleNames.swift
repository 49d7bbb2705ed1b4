/// How parameters are called: as in the `state_dict` of which PyTorch classes.
public enum ModuleNames: String, Sendable, CaseIterable {
  /// Those of the study: `stem.conv_block.0`, `feature_ext.3.res_block.1.conv_block.0`, `tail`,
  /// `classifier.2`.
  case featureExt = "feature_ext"
  /// Those common for MobileNet V3: `first_conv.0`, `bottlenecks.3.residual.1.0`, `last_conv.0`,
  /// `fc1.0`, `fc2.1`.
  case bottlenecks
  /// Those common for MobileNet V1 with one module a row: `conv1`, `DSconv7.0.conv_dw`, `fc`.
  case dsConv = "DSconv"

  /// The modules of one unit.
  struct UnitNames {
    var module: String
    var convolution: String
    var batchNorm: String
  }

  /// What a unit is to its block.
  enum Role {
    /// The only unit of a block.
    case single
    /// The first one of a depthwise separable block.
    case depthwise
    /// The second one of a depthwise separable block.
    case pointwise
    /// The one at that place of an inverted residual.
    case layer(Int)
    /// The one that the input passes on its way to the sum.
    case downsample
  }

  /// A block: the one of index `index` among all, `repetition` of `repeats` in row `row`.
  func block(_ index: Int, row: Int, repetition: Int, repeats: Int) -> String {
    switch self {
    case .featureExt, .bottlenecks: "\(rawValue).\(index)"
    case .dsConv: "\(rawValue)\(row + 1)" + (repeats == 1 ? "" : ".\(repetition)")
    }
  }

  var stem: UnitNames { alone("stem", "first_conv", 1) }
  var tail: UnitNames { alone("tail", "last_conv", 2) }

  /// A unit of a block.
  func unit(_ block: String, _ role: Role) -> UnitNames {
    switch (self, role) {
    case (.featureExt, .single): inBlock(block)
    case (.featureExt, .depthwise): inBlock("\(block).depthwise")
    case (.featureExt, .pointwise): inBlock("\(block).pointwise")
    case (.featureExt, .layer), (.bottlenecks, .layer): inBlock(layer(block, role))
    case (.featureExt, .downsample), (.bottlenecks, .downsample): inBlock("\(block).downsample")
    case (.bottlenecks, .single): inBlock("\(block).residual.0")
    case (.bottlenecks, .depthwise): inBlock("\(block).residual.0")
    case (.bottlenecks, .pointwise): inBlock("\(block).residual.1")
    case (.dsConv, .single): bare("\(block).conv", "\(block).bn")
    case (.dsConv, .depthwise): bare("\(block).conv_dw", "\(block).bn1")
    case (.dsConv, .pointwise): bare("\(block).conv_pw", "\(block).bn2")
    case (.dsConv, .layer(let place)): bare("\(block).conv\(place + 1)", "\(block).bn\(place + 1)")
    case (.dsConv, .downsample): bare("\(block).conv_down", "\(block).bn_down")
    }
  }

  /// The squeeze-and-excitation at that place of an inverted residual.
  func gate(_ block: String, at place: Int) -> String {
    self == .dsConv ? "\(block).se" : layer(block, .layer(place))
  }

  /// The average pool.
  var pool: String {
    switch self {
    case .featureExt: "classifier.0"
    case .bottlenecks: "avgpool"
    case .dsConv: "pool"
    }
  }

  /// The hidden linear layer of that index.
  func hidden(_ index: Int) -> String {
    switch self {
    // After the pool and the flattening; each with its activation.
    case .featureExt: "classifier.\(2 + 2 * index)"
    case .bottlenecks: "fc\(index + 1).0"
    case .dsConv: "fc\(index + 1)"
    }
  }

  /// The dropout after `hidden` hidden layers; `hasDropout` where the table has one, else it has no
  /// place among the numbered modules.
  func dropout(hidden: Int, hasDropout: Bool) -> String {
    switch self {
    case .featureExt: "classifier." + (hasDropout ? "\(2 + 2 * hidden)" : "dropout")
    case .bottlenecks: "fc\(hidden + 1).0"
    case .dsConv: "dropout"
    }
  }

  /// The last layer, after `hidden` hidden ones; `hasDropout` where the table has one.
  func classifier(hidden: Int, hasDropout: Bool) -> String {
    switch self {
    case .featureExt: "classifier.\(2 + 2 * hidden + (hasDropout ? 1 : 0))"
    case .bottlenecks: "fc\(hidden + 1).1"
    case .dsConv: "fc"
    }
  }

  private func layer(_ block: String, _ role: Role) -> String {
    guard case .layer(let place) = role else { return block }
    return "\(block).\(self == .featureExt ? "res_block" : "residual").\(place)"
  }

  private func alone(_ featureExt: String, _ bottlenecks: String, _ number: Int) -> UnitNames {
    switch self {
    case .featureExt: inBlock(featureExt)
    case .bottlenecks: inBlock(bottlenecks)
    case .dsConv: bare("conv\(number)", "bn\(number)")
    }
  }

  /// A unit that is a module with its parts in it.
  private func inBlock(_ module: String) -> UnitNames {
    let inner = self == .featureExt ? "\(module).conv_block" : module
    return UnitNames(module: module, convolution: "\(inner).0", batchNorm: "\(inner).1")
  }

  /// A unit whose parts are modules side by side.
  private func bare(_ convolution: String, _ batchNorm: String) -> UnitNames {
    UnitNames(module: convolution, convolution: convolution, batchNorm: batchNorm)
  }
}
