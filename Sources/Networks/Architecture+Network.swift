import Common

extension Architecture {
  /// The widest multiplier that is taken.
  public static let maximumWidth = 100.0
  /// The most channels of a layer; with the two limits below it keeps every count within an `Int`.
  static let maximumChannels = 1 << 20
  /// The most parameters of a network.
  static let maximumParameters = 1 << 33

  /// The network with `width` times the table's channels and `classes` outputs.
  ///
  /// `dropout` takes the place of the table's probability; where the table has no dropout it comes
  /// before the last layer, whose name stays. Throws a `SweepError` for an impossible number, a
  /// width that leaves a layer without channels, or a network beyond all measure.
  public func network(
    width: Double, classes: Int, rounding: ChannelRounding = .truncate, dropout: Float? = nil
  ) throws(SweepError) -> Network {
    guard width > 0, width <= Self.maximumWidth else {
      throw SweepError(
        .badInput, "\(name) cannot have width \(width)",
        advice: "a width multiplier is above 0 and at most \(Self.maximumWidth)")
    }
    guard classes > 0 else {
      throw SweepError(
        .badInput, "\(name) cannot tell \(classes) classes apart", advice: "give at least 1 class")
    }
    var builder = NetworkBuilder(architecture: self, width: width, rounding: rounding)
    try builder.stem()
    for (row, stage) in stages.enumerated() { try builder.stage(stage, row: row) }
    try builder.tail()
    try builder.head(classes: classes, dropout: dropout ?? head.dropout)
    let network = Network(
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

  /// The fewest channels that any rule makes of the table at width 1.
  var narrowest: Double {
    var counts = [stem.channels] + stages.map(\.channels) + head.hidden
    counts += [tail?.channels].compactMap { $0 }
    return stages.reduce(Double(counts.min() ?? 1)) { least, stage in
      guard case .invertedResidual(let block) = stage.block,
        case .channels(let hidden) = block.hidden
      else { return least }
      return min(least, Double(hidden) / Double(block.squeezeExcitation ?? 1))
    }
  }
}
