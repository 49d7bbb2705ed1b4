import Common
import Engine
import Weights

/// The experiment file's `schedule` of the learning rate.
struct ScheduleRecipe {
  /// The schedules, each with its specific settings.
  private static let choices: [(name: String, keys: [String])] = [
    ("constant", []), ("exponential", ["gamma", "every"]), ("step", ["step_size", "gamma"]),
    ("multi_step", ["milestones", "gamma"]), ("cosine", ["T_max", "eta_min"]),
    ("linear", ["end_factor", "total_iters"]),
  ]
  private static let common = ["name", "by", "warmup", "warmup_start"]
  static let defaultName = "constant"
  static let names = choices.map(\.name)
  private static let units = LearningRateSchedule.Unit.allCases.map(\.rawValue)
  /// The keys; each can be a grid axis.
  static let axes: [(name: String, kind: Axis.Kind)] = [
    ("name", .name(of: "schedule", names)), ("by", .name(of: "unit of time", units)),
    ("warmup", .integer), ("warmup_start", .number), ("gamma", .number), ("every", .integer),
    ("step_size", .integer), ("milestones", .numbers), ("T_max", .integer), ("eta_min", .number),
    ("end_factor", .number), ("total_iters", .integer),
  ]

  /// Reads the section.
  ///
  /// Throws if the rate would be 0 in an epoch, starting from `learningRate`.
  static func schedule(
    _ section: RecipeSection, learningRate: Double, epochs: Int
  ) throws(SweepError) -> LearningRateSchedule {
    let name = try section["name"]?.name(of: "schedule", among: names) ?? defaultName
    let own = choices.first { $0.name == name }?.keys ?? []
    try section.check(only: common + own, of: name)
    var schedule = LearningRateSchedule(try shape(name, section, learningRate: learningRate))
    if let unit = try section["by"]?.name(of: "unit of time", among: units) {
      schedule.unit = LearningRateSchedule.Unit(rawValue: unit) ?? .epoch
    }
    schedule.warmup = try section["warmup"]?.integer(in: 0...Int(Int32.max), "the warm-up") ?? 0
    schedule.warmupStart =
      try section["warmup_start"]?.number("warmup_start", "above 0 and at most 1") {
        $0 > 0 && $0 <= 1
      } ?? 1.0 / 3
    guard schedule.unit == .epoch,
      let zero = schedule.firstZero(base: learningRate, before: epochs)
    else { return schedule }
    throw section.error(
      "the learning rate is 0 in epoch \(zero + 1) of \(epochs)", advice: Self.advice(name))
  }

  static func advice(_ name: String?) -> String {
    switch name {
    case "cosine": "give an eta_min above 0, or a larger T_max"
    case "linear": "give an end_factor above 0, or more total_iters"
    default: "use a slower decay"
    }
  }

  private static func shape(
    _ name: String, _ section: RecipeSection, learningRate: Double
  ) throws(SweepError) -> LearningRateSchedule.Shape {
    func gamma(default value: Double?) throws(SweepError) -> Double {
      if let value, section["gamma"] == nil { return value }
      return try section.required("gamma", advice: "the factor of each change, 0.94")
        .positive("gamma")
    }
    switch name {
    case "exponential":
      return .decay(
        gamma: try gamma(default: nil), every: try section["every"]?.count("every") ?? 1)
    case "step":
      let size = try section.required("step_size", advice: "epochs or steps between changes, 30")
      return .decay(gamma: try gamma(default: 0.1), every: try size.count("step_size"))
    case "multi_step":
      var milestones: [Int] = []
      let list = try section.required("milestones", advice: "when to change, [30, 80]")
      for field in try list.elements() {
        milestones.append(
          try field.integer(in: (milestones.last ?? 0) + 1...Int.max, "a milestone"))
      }
      guard !milestones.isEmpty else { throw list.error("the list is empty") }
      return .multiStep(milestones: milestones, gamma: try gamma(default: 0.1))
    case "cosine":
      let length = try section.required("T_max", advice: "the length of the decay, 100")
      return .cosine(
        length: try length.count("T_max"),
        minimum: try section["eta_min"]?.number(
          "eta_min", "at least 0 and at most the learning rate"
        ) { (0...learningRate).contains($0) } ?? 0)
    case "linear":
      let end = try section.required("end_factor", advice: "last rate / first rate, 0.01")
      let length = try section.required("total_iters", advice: "the length of the decay, 100")
      return .linear(
        endFactor: try end.nonNegative("end_factor"), length: try length.count("total_iters"))
    default: return .constant
    }
  }
}

extension LearningRateSchedule {
  /// The settings that affect results, by key; empty for a constant rate.
  var canonical: [String: String] {
    var values: [String: String] = [:]
    switch shape {
    case .constant: break
    case .decay(let gamma, let every):
      values = ["name": "\"exponential\"", "gamma": "\(gamma)", "every": "\(every)"]
    case .multiStep(let milestones, let gamma):
      values = ["name": "\"multi_step\"", "milestones": "\(milestones)", "gamma": "\(gamma)"]
    case .cosine(let length, let minimum):
      values = ["name": "\"cosine\"", "T_max": "\(length)", "eta_min": "\(minimum)"]
    case .linear(let endFactor, let length):
      values = [
        "name": "\"linear\"", "end_factor": "\(endFactor)", "total_iters": "\(length)",
      ]
    }
    if warmup > 0 {
      values["warmup"] = "\(warmup)"
      values["warmup_start"] = "\(warmupStart)"
    }
    if !values.isEmpty { values["by"] = unit.rawValue.quoted }
    return values
  }
}
