import Common
import Networks

/// A tensor with its name, in PyTorch's layout: row-major, convolutions `[out, in / groups, height,
/// width]`.
package struct NamedTensor: Sendable, Equatable {
  package enum Values: Sendable, Equatable {
    case float32([Float])
    case int64([Int64])
  }

  /// The name in `state_dict`.
  package var name: String
  /// The shape; `[]` for a scalar.
  package var shape: [Int]
  package var values: Values

  /// `values` must match `shape`.
  package init(name: String, shape: [Int], values: Values) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// The elements as floats; nil for integers.
  package var floats: [Float]? {
    if case .float32(let values) = values { values } else { nil }
  }
}

extension [NamedTensor] {
  /// The tensors by their names; of equal names the last.
  package var byName: [String: NamedTensor] {
    Dictionary(map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }
}

extension NamedTensor {
  /// The required properties of a tensor.
  package struct Expected {
    package var name: String
    package var shape: [Int]
    package var isInteger: Bool

    package init(name: String, shape: [Int], isInteger: Bool = false) {
      self.name = name
      self.shape = shape
      self.isInteger = isInteger
    }
  }

  /// Checks that `tensors` are exactly the expected ones, with the right shapes and types.
  package static func check(
    _ tensors: [NamedTensor], against expected: [Expected], source: String
  ) throws(SweepError) {
    var byName = tensors.byName
    for expected in expected {
      guard let tensor = byName.removeValue(forKey: expected.name) else {
        throw SweepError(
          .badInput, at: source, "has no tensor '\(expected.name)'",
          advice: "it belongs to another network")
      }
      guard tensor.shape == expected.shape else {
        throw SweepError(
          .badInput, at: source,
          "tensor '\(expected.name)' has shape \(tensor.shape), this network's has \(expected.shape)",
          advice: "it belongs to another width or number of classes")
      }
      guard (tensor.floats == nil) == expected.isInteger else {
        throw SweepError(.badInput, at: source, "tensor '\(expected.name)' has another type")
      }
    }
    if let other = byName.keys.min() {
      throw SweepError(
        .badInput, at: source, "tensor '\(other)' is not part of this network",
        advice: "it belongs to another network")
    }
  }
}

extension NamedTensor {
  /// Checks that `tensors` are the whole state of `network`, each tensor with its shape and type;
  /// `source` names where they come from in errors.
  package static func check(
    _ tensors: [NamedTensor], for network: Network, source: String
  ) throws(SweepError) {
    try check(
      tensors, against: network.parameters.map(Expected.init), source: source)
  }
}

extension NamedTensor.Expected {
  package init(_ spec: ParameterSpec) {
    self.init(name: spec.name, shape: spec.shape, isInteger: spec.kind == .batchesTracked)
  }
}
