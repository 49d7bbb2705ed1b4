/// How a width multiplier changes a table's channel count.
package enum ChannelRounding: String, Sendable, CaseIterable {
  /// `Int(c·α)`, used in the study.
  case truncate
  /// `max(Int(c·α), 8)`, as in TF-slim's MobileNet V1.
  case minimum8 = "minimum_8"
  /// The nearest multiple of 8 that is at least 8 and at most a tenth smaller: the V2 paper's code
  /// and torchvision.
  ///
  /// The last convolution before the classifier does not shrink for α < 1 (V2 paper, section 6.1),
  /// or has a multiple of its input channels (torchvision's V3).
  case divisibleBy8 = "make_divisible"

  /// The channels of a layer with `channels` at width 1, computed in `Double`.
  package func channels(_ channels: Int, width: Double) -> Int {
    let scaled = Double(channels) * width
    switch self {
    case .truncate: return Int(scaled)
    case .minimum8: return max(Int(scaled), 8)
    case .divisibleBy8:
      let rounded = max(8, Int(scaled + 4) / 8 * 8)
      return Double(rounded) < 0.9 * scaled ? rounded + 8 : rounded
    }
  }

  /// The hidden channels of a block with `input` (rounded) channels: `Int(input · t)` under every
  /// rule, as in torchvision.
  package func hiddenChannels(_ input: Int, expansion: Double) -> Int {
    Int(Double(input) * expansion)
  }

  /// The channels of a tail convolution with `channels` at width 1 and `input` input channels;
  /// `expansion` is the architecture's `tailExpansion`.
  package func tailChannels(
    _ channels: Int, width: Double, input: Int, expansion: Int? = nil
  ) -> Int {
    guard self == .divisibleBy8 else { return self.channels(channels, width: width) }
    return expansion.map { $0 * input } ?? self.channels(channels, width: max(1, width))
  }
}
