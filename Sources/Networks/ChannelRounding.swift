/// How a width multiplier turns a table's channel count into a layer's.
public enum ChannelRounding: String, Sendable, CaseIterable {
  /// `Int(c·α)`, what the study does.
  case truncate
  /// `max(Int(c·α), 8)`, as TF-slim's MobileNet V1 has it.
  case minimum8 = "minimum_8"
  /// The nearest multiple of 8 that is at least 8 and loses at most a tenth: the V2 paper's code
  /// and torchvision.
  ///
  /// The last convolution before the classifier does not shrink with α < 1 (V2 paper, section 6.1).
  case divisibleBy8 = "make_divisible"

  /// The channels of a layer that has `channels` at width 1, computed in `Double`.
  public func channels(_ channels: Int, width: Double) -> Int {
    let scaled = Double(channels) * width
    switch self {
    case .truncate: return Int(scaled)
    case .minimum8: return max(Int(scaled), 8)
    case .divisibleBy8:
      let rounded = max(8, Int(scaled + 4) / 8 * 8)
      return Double(rounded) < 0.9 * scaled ? rounded + 8 : rounded
    }
  }

  /// The channels of a tail convolution, the last before the classifier, that has `channels` at
  /// width 1.
  public func tailChannels(_ channels: Int, width: Double) -> Int {
    self.channels(channels, width: self == .divisibleBy8 ? max(1, width) : width)
  }
}
