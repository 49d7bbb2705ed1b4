import Common

/// Reads the parameters of one augmentation by name, with torchvision's checks.
///
/// Errors are located by augmentation and parameter: `ColorJitter.brightness`.
struct AugmentationParameters {
  private let operation: String
  private let values: [String: ParameterValue]

  /// Throws if a name is not in `names`.
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

  func isList(_ name: String) -> Bool {
    if case .numbers = values[name] { true } else { false }
  }

  /// The number, which must be in `range`; `fallback` if it is absent.
  ///
  /// `message` replaces the usual one.
  func number(
    _ name: String, in range: ClosedRange<Double>, default fallback: Double,
    is message: String? = nil
  ) throws(SweepError) -> Double {
    guard let value = values[name] else { return fallback }
    guard case .number(let number) = value, range.contains(number) else {
      throw error(
        name, message ?? "must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The range of sides in pixels.
  static let sizes = 1...8192
  /// The range of numbers of magnitudes.
  static let bins = 2...10_000

  /// The whole number, which must be in `range`; nil if it is absent.
  func integer(_ name: String, in range: ClosedRange<Int>) throws(SweepError) -> Int? {
    guard let value = values[name] else { return nil }
    guard case .number(let number) = value, let integer = Int(exactly: number),
      range.contains(integer)
    else {
      throw error(
        name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// A list of finite numbers whose length is one of `counts`; nil if it is absent.
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

  /// The range from a number v ≥ 0 or a list of two bounds; nil if it is absent.
  ///
  /// A number means [center - v, center + v], clamped at `floor`. Both ends must be in `bounds`.
  func range(
    _ name: String, around center: Double, floor: Double = -.infinity,
    within bounds: ClosedRange<Double>
  ) throws(SweepError) -> ClosedRange<Double>? {
    switch values[name] {
    case nil:
      return nil
    case .number(let spread):
      guard spread.isFinite, spread >= 0 else {
        throw error(name, "must not be negative if it is a single number")
      }
      return try ends(name, max(center - spread, floor), center + spread, within: bounds)
    case .numbers, .text:
      return try ends(name, within: bounds)
    }
  }

  /// The range from a list of two bounds, both in `bounds`; nil if it is absent.
  func ends(_ name: String, within bounds: ClosedRange<Double>)
    throws(SweepError) -> ClosedRange<Double>?
  {
    guard let numbers = try list(name, counts: [2]) else { return nil }
    return try ends(name, numbers[0], numbers[1], within: bounds)
  }

  /// The range from a list of two positive bounds; nil if it is absent.
  func positiveEnds(_ name: String) throws(SweepError) -> ClosedRange<Double>? {
    guard let numbers = try list(name, counts: [2]) else { return nil }
    guard numbers[0] > 0 else { throw error(name, "must be above 0") }
    return try ends(name, numbers[0], numbers[1], within: 0...Double.greatestFiniteMagnitude)
  }

  /// The range from `low` to `high`; throws if the order or the bounds are wrong.
  func ends(_ name: String, _ low: Double, _ high: Double, within bounds: ClosedRange<Double>)
    throws(SweepError) -> ClosedRange<Double>
  {
    guard low <= high else { throw error(name, "must have its lower bound first") }
    guard bounds.contains(low), bounds.contains(high) else {
      let limit =
        bounds.upperBound.isFinite
        ? "lie from \(bounds.lowerBound) to \(bounds.upperBound)" : "not be negative"
      throw error(name, "must \(limit)")
    }
    return low...high
  }
}

/// The value of an augmentation's parameter in an experiment file.
package enum ParameterValue: Sendable, Equatable {
  case number(Double)
  case numbers([Double])
  case text(String)
}

extension ParameterValue: CustomStringConvertible {
  package var description: String {
    func text(_ number: Double) -> String {
      Int(exactly: number).map(String.init) ?? String(number)
    }
    switch self {
    case .number(let number): return text(number)
    case .numbers(let numbers): return "[" + numbers.map(text).joined(separator: ", ") + "]"
    case .text(let text): return text.quoted
    }
  }
}
