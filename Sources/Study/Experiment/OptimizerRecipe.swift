import Common

/// How weights follow gradients: the experiment file's `optimizer`.
public struct OptimizerRecipe: Sendable, Equatable {
  /// The rule with its own settings.
  public enum Rule: Sendable, Equatable {
    /// Adam (Kingma and Ba 2015), ε outside the root, after bias correction.
    case adam(beta1: Double, beta2: Double, epsilon: Double)
  }

  /// The rule.
  public let rule: Rule
  /// The learning rate, above 0.
  public let learningRate: Double
  /// Whether one optimiser is kept for a (model, width, seed) over all resolutions, in the grid's
  /// order.
  public let carryOver: Bool

  /// The rules' names.
  static let names = ["adam"]
  /// The keys of the section.
  static let keys = ["name", "lr", "betas", "eps", "carry_over"]
  /// The keys that can be an axis of the grid.
  static let axes: [(name: String, kind: Axis.Kind)] = [
    ("name", .optimizer), ("lr", .number), ("eps", .number),
  ]

  /// The optimiser of the fields; those that are absent have PyTorch's defaults.
  init(_ fields: [String: JSONField]) throws(SweepError) {
    _ = try fields["name"]?.name(of: "optimizer", among: Self.names)
    learningRate = try fields["lr"]?.positive("the learning rate") ?? 0.001
    carryOver = try fields["carry_over"]?.boolean() ?? false
    let betas = try fields["betas"]?.betas() ?? [0.9, 0.999]
    rule = .adam(
      beta1: betas[0], beta2: betas[1], epsilon: try fields["eps"]?.positive("eps") ?? 1e-8)
  }

  /// The settings that affect results, by path.
  var canonical: [(path: String, value: String)] {
    switch rule {
    case .adam(let beta1, let beta2, let epsilon):
      [
        ("optimizer.name", "\"adam\""), ("optimizer.lr", "\(learningRate)"),
        ("optimizer.betas", "[\(beta1), \(beta2)]"), ("optimizer.eps", "\(epsilon)"),
        ("optimizer.carry_over", "\(carryOver)"),
      ]
    }
  }
}

extension JSONField {
  /// A number above 0.
  func positive(_ what: String) throws(SweepError) -> Double {
    let number = try number()
    guard number > 0 else {
      throw error("\(what) is \(AxisValue.decimal(number))", advice: "it must be above 0")
    }
    return number
  }

  /// Adam's two decay rates.
  fileprivate func betas() throws(SweepError) -> [Double] {
    let fields = try elements()
    guard fields.count == 2 else { throw error("betas needs 2 numbers, found \(fields.count)") }
    var betas: [Double] = []
    for field in fields {
      let beta = try field.number()
      guard (0..<1).contains(beta) else {
        throw field.error(
          "a beta is \(AxisValue.decimal(beta))", advice: "it must be at least 0 and below 1")
      }
      betas.append(beta)
    }
    return betas
  }
}
