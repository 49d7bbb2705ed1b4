import CPUEngine
import Common
import Weights

/// How weights follow gradients: the experiment file's `optimizer`.
public struct OptimizerRecipe: Sendable, Equatable {
  /// The optimiser's name in the file.
  public let name: String
  /// The optimiser with its constants.
  public let settings: OptimizerSettings
  /// The learning rate, above 0.
  public let learningRate: Double
  /// Whether one optimiser is kept for a (model, width, seed) over all resolutions, in the grid's
  /// order.
  public let carryOver: Bool

  /// The optimisers, and the settings that each has besides `name`, `lr` and `carry_over`.
  private static let choices: [(name: String, keys: [String])] = [
    ("adam", ["betas", "eps", "weight_decay"]),
    ("adamw", ["betas", "eps", "weight_decay"]),
    ("sgd", ["momentum", "dampening", "nesterov", "weight_decay"]),
    ("rmsprop", ["alpha", "eps", "momentum", "centered", "weight_decay"]),
    ("rmsprop_tf", ["alpha", "eps", "momentum", "centered", "weight_decay", "initial_square_avg"]),
  ]
  /// The optimisers' names.
  static let names = choices.map(\.name)
  /// The keys of the section.
  static let keys = [
    "name", "lr", "betas", "eps", "weight_decay", "momentum", "dampening", "nesterov", "alpha",
    "centered", "initial_square_avg", "carry_over",
  ]
  /// The keys that can be an axis of the grid.
  static let axes: [(name: String, kind: Axis.Kind)] = [
    ("name", .name(of: "optimizer", names)), ("lr", .number), ("betas", .numbers),
    ("eps", .number), ("weight_decay", .number), ("momentum", .number), ("dampening", .number),
    ("nesterov", .boolean), ("alpha", .number), ("centered", .boolean),
    ("initial_square_avg", .number),
  ]

  /// The optimiser of the section; settings that are absent have PyTorch's defaults, and those of
  /// `rmsprop_tf` TensorFlow 1's.
  init(_ section: RecipeSection) throws(SweepError) {
    let name = try section["name"]?.name(of: "optimizer", among: Self.names) ?? "adam"
    self.name = name
    let own = Self.choices.first { $0.name == name }?.keys ?? []
    try section.check(only: ["name", "lr"] + own + ["carry_over"], of: name)
    carryOver = try section["carry_over"]?.boolean() ?? false
    learningRate =
      try section["lr"]?.positive("the learning rate") ?? (name == "rmsprop" ? 0.01 : 0.001)
    let decay = try section["weight_decay"]?.nonNegative("the weight decay")
    let momentum = try section["momentum"]?.fraction("the momentum") ?? 0
    let epsilon = try section["eps"]?.positive("eps")
    switch name {
    case "sgd":
      let dampening = try section["dampening"]?.fraction("the dampening") ?? 0
      let nesterov = section["nesterov"]
      let isNesterov = try nesterov?.boolean() ?? false
      if let nesterov, isNesterov, momentum == 0 || dampening != 0 {
        throw nesterov.error(
          "nesterov needs a momentum, and no dampening", advice: "add \"momentum\": 0.9")
      }
      settings = .sgd(
        SGD(
          momentum: momentum, dampening: dampening, isNesterov: isNesterov, weightDecay: decay ?? 0)
      )
    case "rmsprop", "rmsprop_tf":
      let isTensorFlow = name == "rmsprop_tf"
      let square = try section["initial_square_avg"]?.nonNegative("initial_square_avg") ?? 1
      settings = .rmsprop(
        RMSprop(
          isTensorFlow ? .tensorFlow(initialSquare: square) : .pyTorch,
          alpha: try section["alpha"]?.fraction("alpha") ?? (isTensorFlow ? 0.9 : 0.99),
          epsilon: epsilon ?? (isTensorFlow ? 1e-10 : 1e-8), momentum: momentum,
          isCentered: try section["centered"]?.boolean() ?? false, weightDecay: decay ?? 0))
    default:
      let betas = try section["betas"]?.betas() ?? [0.9, 0.999]
      let isDecoupled = name == "adamw"
      settings = .adam(
        Adam(
          beta1: betas[0], beta2: betas[1], epsilon: epsilon ?? 1e-8,
          weightDecay: decay ?? (isDecoupled ? 0.01 : 0), isDecoupled: isDecoupled))
    }
  }

  /// The settings that affect results, by path.
  var canonical: [String: String] {
    var values = ["name": name.quoted, "lr": "\(learningRate)", "carry_over": "\(carryOver)"]
    let decay: Double
    switch settings {
    case .adam(let adam):
      values["betas"] = "[\(adam.beta1), \(adam.beta2)]"
      values["eps"] = "\(adam.epsilon)"
      decay = adam.weightDecay
    case .sgd(let sgd):
      values["momentum"] = "\(sgd.momentum)"
      values["dampening"] = "\(sgd.dampening)"
      values["nesterov"] = "\(sgd.isNesterov)"
      decay = sgd.weightDecay
    case .rmsprop(let rmsprop):
      values["alpha"] = "\(rmsprop.alpha)"
      values["eps"] = "\(rmsprop.epsilon)"
      values["momentum"] = "\(rmsprop.momentum)"
      values["centered"] = "\(rmsprop.isCentered)"
      if case .tensorFlow(let square) = rmsprop.variant {
        values["initial_square_avg"] = "\(square)"
      }
      decay = rmsprop.weightDecay
    }
    if decay != 0 { values["weight_decay"] = "\(decay)" }
    return values
  }
}

extension JSONField {
  /// Adam's two decay rates.
  fileprivate func betas() throws(SweepError) -> [Double] {
    let fields = try elements()
    guard fields.count == 2 else { throw error("betas needs 2 numbers, found \(fields.count)") }
    var betas: [Double] = []
    for field in fields { betas.append(try field.fraction("a beta")) }
    return betas
  }
}
