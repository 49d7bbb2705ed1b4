import Common
import Networks

/// A named range of the parameters, one tensor: PyTorch's parameter groups, of one member each.
package struct ParameterGroup: Sendable, Equatable {
  /// The tensor's name in `state_dict`.
  package var name: String
  package var kind: ParameterSpec.Kind
  /// Its elements in the engine's array of parameters, padding included.
  package var range: Range<Int>
  /// The elements of a row that are not padding.
  package var columns: Int
  /// The elements from row to row.
  package var stride: Int

  /// The given group; one row without padding unless `columns` and `stride` say otherwise.
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

/// How strongly each kind of parameter is drawn to zero.
///
/// The settings are those of torchvision's reference scripts: `weight_decay`; `norm_weight_decay`
/// for γ and β of normalizations, by default the same; `bias_weight_decay` for every bias, β
/// included, by default that of the other parameters of its layer. Both 0 is timm's
/// `weight_decay_exclude_1d`.
package struct WeightDecay: Sendable, Equatable, ExpressibleByFloatLiteral {
  /// Of all parameters for which the other two do not differ.
  package var all: Double
  /// Of γ and β; nil for the same.
  package var norm: Double?
  /// Of biases; nil for the same as other parameters of their layer.
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
