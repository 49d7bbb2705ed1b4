import Common

/// The parameters of one operation, read by name and checked the way torchvision checks its
/// arguments.
///
/// Errors are located by operation and parameter: `ColorJitter.brightness`.
struct AugmentationParameters {
  private let operation: String
  private let values: [String: ParameterValue]

  /// Throws where a name is not among `names`.
  init(_ values: [String: ParameterValue], of operation: String, names: [String])
    throws(SweepError)
  {
    self.operation = operation
    self.values = values
    for name in values.keys.sorted() where !names.contains(name) {
      throw SweepError(
        .badInput, at: "\(operation).\(name)", "unknown parameter",
        advice: Spelling.advice(for: name, among: names))
    }
  }

  func error(_ name: String, _ message: String) -> SweepError {
    let given = values[name].map { ", not \($0)" } ?? ""
    return SweepError(.badInput, at: "\(operation).\(name)", message + given)
  }

  /// Whether the parameter is given as a list.
  func isList(_ name: String) -> Bool {
    if case .numbers = values[name] { true } else { false }
  }

  /// A number within `range`, or `fallback` where it is not given.
  func number(_ name: String, in range: ClosedRange<Double>, default fallback: Double)
    throws(SweepError) -> Double
  {
    guard let value = values[name] else { return fallback }
    guard case .number(let number) = value, range.contains(number) else {
      throw error(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A list of as many finite numbers as one of `counts`; nil where it is not given.
  func list(_ name: String, counts: [Int]) throws(SweepError) -> [Double]? {
    guard let value = values[name] else { return nil }
    guard case .numbers(let numbers) = value, counts.contains(numbers.count),
      numbers.allSatisfy(\.isFinite)
    else {
      let lengths = counts.map(String.init).joined(separator: " or ")
      throw error(name, "must be a list of \(lengths) numbers")
    }
    return numbers
  }

  /// A range around `centre` from a single number v ≥ 0, [centre - v, centre + v] not below
  /// `floor`, or from a list of its two ends within `bounds`; nil where it is not given.
  func range(
    _ name: String, around centre: Double, floor: Double = -.infinity,
    within bounds: ClosedRange<Double>
  ) throws(SweepError) -> ClosedRange<Double>? {
    switch values[name] {
    case nil:
      return nil
    case .number(let spread):
      guard spread.isFinite, spread >= 0 else {
        throw error(name, "must not be negative where it is a single number")
      }
      return try ends(name, max(centre - spread, floor), centre + spread, within: bounds)
    case .numbers:
      guard let numbers = try list(name, counts: [2]) else { return nil }
      return try ends(name, numbers[0], numbers[1], within: bounds)
    }
  }

  /// The range from `low` to `high`, checked for order and bounds.
  func ends(_ name: String, _ low: Double, _ high: Double, within bounds: ClosedRange<Double>)
    throws(SweepError) -> ClosedRange<Double>
  {
    guard low <= high else {
      throw error(name, "must have its smaller end first")
    }
    guard bounds.contains(low), bounds.contains(high) else {
      let limit =
        bounds.upperBound.isFinite
        ? "lie from \(bounds.lowerBound) to \(bounds.upperBound)" : "not be negative"
      throw error(name, "must \(limit)")
    }
    return low...high
  }
}
