import Common
import Networks

/// A named range of the parameters, one tensor: like a PyTorch parameter group with one member.
package struct ParameterGroup: Sendable, Equatable {
  /// The tensor's name in `state_dict`.
  package var name: String
  package var kind: ParameterSpec.Kind
  /// Its elements in the engine's array of parameters, padding included.
  package var range: Range<Int>
  /// The elements per row without padding.
  package var columns: Int
  /// The distance between rows in elements.
  package var stride: Int

  /// One row without padding unless `columns` and `stride` are given.
  package init(
    name: String, kind: ParameterSpec.Kind, range: Range<Int>, columns: Int? = nil,
    stride: Int? = nil
  ) {
    self.name = name
    self.kind = kind
    self.range = range
    self.columns = columns ?? range.count
    self.stride = stride ?? range.count
  }
}

/// The weight decay of each kind of parameter.
///
/// The settings are those of torchvision's reference scripts: `weight_decay`; `norm_weight_decay`
/// for γ and β of normalizations, by default the same; `bias_weight_decay` for every bias,
/// including β, by default that of the layer's other parameters. Both 0 is timm's
/// `weight_decay_exclude_1d`.
package struct WeightDecay: Sendable, Equatable, ExpressibleByFloatLiteral {
  /// The decay of parameters that the other two do not override.
  package var all: Double
  /// For γ and β; nil for the same.
  package var norm: Double?
  /// For biases; nil for the same as the layer's other parameters.
  package var bias: Double?

  package init(_ all: Double, norm: Double? = nil, bias: Double? = nil) {
    self.all = all
    self.norm = norm
    self.bias = bias
  }

  package init(floatLiteral value: Double) { self.init(value) }

  static let settings: [OptimizerSetting] = [
    .number("weight_decay"), .number("norm_weight_decay"), .number("bias_weight_decay"),
  ]

  init(_ settings: [String: JSONField], default value: Double = 0) throws(SweepError) {
    all = try settings["weight_decay"]?.nonNegative("the weight decay") ?? value
    norm = try settings["norm_weight_decay"]?.nonNegative("norm_weight_decay")
    bias = try settings["bias_weight_decay"]?.nonNegative("bias_weight_decay")
  }

  package subscript(kind: ParameterSpec.Kind) -> Double {
    switch kind {
    case .bias: bias ?? all
    case .batchNormWeight: norm ?? all
    case .batchNormBias: bias ?? norm ?? all
    default: all
    }
  }

  var canonical: [String: String] {
    var values: [String: String] = [:]
    if all != 0 { values["weight_decay"] = "\(all)" }
    if let norm, norm != all { values["norm_weight_decay"] = "\(norm)" }
    if let bias, bias != all || bias != norm ?? all { values["bias_weight_decay"] = "\(bias)" }
    return values
  }
}
