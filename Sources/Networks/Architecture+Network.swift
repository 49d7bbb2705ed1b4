import Common

extension Architecture {
  package static let maximumWidth = 100.0
  /// The most channels of a layer; with `maximumParameters` it keeps every count within an `Int`.
  static let maximumChannels = 1 << 20
  static let maximumParameters = 1 << 33

  /// The network with `width` times the table's channels and `classes` outputs.
  ///
  /// `dropout` replaces the table's probability. If the table has no dropout, it is inserted before
  /// the last layer, which keeps its name. Throws for a number out of range, for a width that
  /// leaves a layer without channels, and for a network that is too large.
  package func network(
    width: Double, classes: Int, rounding: ChannelRounding = .truncate, dropout: Float? = nil
  ) throws(SweepError) -> Network {
    guard width > 0, width <= Self.maximumWidth else {
      throw SweepError(
        .badInput, "the width of \(name) is \(width)",
        advice: "it must be above 0 and at most \(Self.maximumWidth)")
    }
    guard classes > 0 else {
      throw SweepError(
        .badInput, "\(name) has \(classes) classes", advice: "use at least 1 class")
    }
    var builder = NetworkBuilder(architecture: self, width: width, rounding: rounding)
    try builder.stem()
    for (row, stage) in stages.enumerated() { try builder.stage(stage, row: row) }
    try builder.tail()
    try builder.head(classes: classes, dropout: dropout ?? head.dropout)
    let network = try Network(
      name: name, width: width, classes: classes, nodes: builder.nodes, initializer: initializer)
    let parameters = network.parameters.reduce(0) { $0 + $1.count }
    guard parameters <= Self.maximumParameters else {
      throw SweepError(
        .badInput,
        "\(name) has \(Format.grouped(parameters)) parameters at width \(width), more than any"
          + " machine trains",
        advice: "use fewer channels or a smaller width")
    }
    return network
  }

  /// The fewest channels of a layer at width 1, before rounding.
  var narrowest: Double {
    let counts = [stem.channels] + head.hidden + [tail?.channels].compactMap { $0 }
    return stages.reduce(Double(counts.min() ?? 1)) { min($0, $1.block.narrowest) }
  }
}
