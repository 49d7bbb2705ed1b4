extension JSONField {
  package func positive(_ what: String) throws(SweepError) -> Double {
    try number(what, "above 0") { $0 > 0 }
  }

  package func nonNegative(_ what: String) throws(SweepError) -> Double {
    try number(what, "at least 0") { $0 >= 0 }
  }

  /// A number of at least 0 and below 1.
  package func fraction(_ what: String) throws(SweepError) -> Double {
    try number(what, "at least 0 and below 1") { (0..<1).contains($0) }
  }

  /// A number that `isValid` takes; `range` says in words which those are.
  package func number(
    _ what: String, _ range: String, _ isValid: (Double) -> Bool
  ) throws(SweepError) -> Double {
    let number = try number()
    // Rounding must not move it out of the range either: 0.99999999999 is 1 as a 32-bit float.
    guard isValid(number), isValid(Double(Float(number))) else {
      throw error("\(what) is \(Format.decimal(number))", advice: "it must be \(range)")
    }
    return number
  }

  /// A whole number of at least 1.
  package func count(_ what: String) throws(SweepError) -> Int {
    try integer(in: 1...Int.max, what)
  }
}
