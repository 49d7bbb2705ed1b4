/// The value of an augmentation's parameter in an experiment file.
package enum ParameterValue: Sendable, Equatable {
  /// A number.
  case number(Double)
  /// A list of numbers.
  case numbers([Double])
}

extension ParameterValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral
{
  /// A number.
  package init(floatLiteral value: Double) {
    self = .number(value)
  }

  /// A number.
  package init(integerLiteral value: Int) {
    self = .number(Double(value))
  }

  /// A list of numbers.
  package init(arrayLiteral elements: Double...) {
    self = .numbers(elements)
  }
}

extension ParameterValue: CustomStringConvertible {
  /// The value as JSON.
  package var description: String {
    func text(_ number: Double) -> String {
      Int(exactly: number).map(String.init) ?? String(number)
    }
    switch self {
    case .number(let number): return text(number)
    case .numbers(let numbers): return "[" + numbers.map(text).joined(separator: ", ") + "]"
    }
  }
}
