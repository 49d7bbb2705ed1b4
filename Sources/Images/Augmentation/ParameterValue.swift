/// The value of an augmentation's parameter in an experiment file.
public enum ParameterValue: Sendable, Equatable {
  /// A number.
  case number(Double)
  /// A list of numbers.
  case numbers([Double])
}

extension ParameterValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral
{
  /// A number.
  public init(floatLiteral value: Double) {
    self = .number(value)
  }

  /// A number.
  public init(integerLiteral value: Int) {
    self = .number(Double(value))
  }

  /// A list of numbers.
  public init(arrayLiteral elements: Double...) {
    self = .numbers(elements)
  }
}

extension ParameterValue: CustomStringConvertible {
  /// The value as JSON.
  public var description: String {
    func text(_ number: Double) -> String {
      Int(exactly: number).map(String.init) ?? String(number)
    }
    switch self {
    case .number(let number): return text(number)
    case .numbers(let numbers): return "[" + numbers.map(text).joined(separator: ", ") + "]"
    }
  }
}
