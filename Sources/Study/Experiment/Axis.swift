import Common
import Engine
import Networks
import Weights

/// One axis of a grid: what varies, and the values it takes, in their order.
package struct Axis: Sendable, Equatable {
  /// One value with the name that conditions may give it.
  package struct Entry: Sendable, Equatable {
    /// The value.
    package let value: AxisValue
    /// The display name, `W75%`; nil where the file gives a plain list.
    package let label: String?
    /// The network that a file describes; nil for built-in networks and other axes.
    var architecture: Architecture?
    /// Where in the file's text its table would stand, in bytes; nil where it does.
    var placeForTable: Int?
  }

  /// What varies: `model`, `width`, `resolution`, `seed`, or a dotted path such as `optimizer.lr`.
  package let name: String
  /// The values.
  package let entries: [Entry]

  /// The kind of value that an axis takes.
  enum Kind: Equatable {
    case model, rounding, width, resolution, seed, batchSize, integer, number, numbers, boolean,
      text
    /// One of some names, `of` telling what they are.
    case name(of: String, [String])
  }

  /// The axes that every grid has, in the order in which cells are counted: the last one varies
  /// fastest.
  static let basic = ["model", "width", "resolution", "seed"]
  /// All axes that there are.
  static let kinds: [(name: String, kind: Kind)] =
    [
      ("model", .model), ("width", .width), ("resolution", .resolution), ("seed", .seed),
      ("batch_size", .batchSize), ("channels", .rounding), ("shuffle", .boolean),
      ("label_smoothing", .number), ("dropout", .number),
    ]
    + [
      ("optimizer", OptimizerRecipe.axes), ("schedule", ScheduleRecipe.axes),
      ("gradient_clipping", GradientClipping.axes), ("early_stopping", EarlyStopping.axes),
      ("initial_weights", InitialWeightsRecipe.axes),
    ].flatMap { section, axes in axes.map { ("\(section).\($0.name)", $0.kind) } }

  /// What an axis' values are called in an id: `w` of width, `lr` of `optimizer.lr`, `optimizer` of
  /// `optimizer.name`.
  var idPrefix: String {
    switch name {
    case "model": ""
    case "width": "w"
    case "resolution": "r"
    case "seed": "s"
    default:
      (name.hasSuffix(".name") ? name.split(separator: ".").first : name.split(separator: ".").last)
        .map(String.init) ?? name
    }
  }

  /// The entry that has this value or this display name.
  func entry(_ text: String) -> Entry? {
    entries.first { $0.label == text } ?? entries.first { $0.matches(text) }
  }

  /// All values and display names, for advice.
  var spellings: [String] {
    entries.flatMap { [$0.label, $0.value.description].compactMap { $0 } }
  }
}

extension Axis.Entry {
  /// Whether `text` is another way to write the value: `1` for 1.0.
  fileprivate func matches(_ text: String) -> Bool {
    switch value {
    case .number(let number): Double(text) == number
    case .integer(let integer): Int(text) == integer
    case .text, .boolean: text == value.description
    }
  }
}

extension Axis.Kind {
  /// A value of this kind, checked for what it can be by itself.
  func value(_ field: JSONField) throws(SweepError) -> AxisValue {
    switch self {
    case .model:
      .text(try field.name(of: "model", among: Architecture.names))
    case .rounding:
      .text(try field.name(of: "rounding", among: ChannelRounding.allCases.map(\.rawValue)))
    case .name(let what, let names): .text(try field.name(of: what, among: names))
    case .width: .number(try width(field))
    case .resolution: .integer(try field.integer(in: 1...8192, "the resolution"))
    case .seed: .integer(try field.integer(in: 0...Int.max, "the seed"))
    case .batchSize: .integer(try field.integer(in: Recipe.batchSizes, "the batch size"))
    case .integer: .integer(try field.integer(in: Int.min...Int.max, "the value"))
    case .number: .number(try field.number())
    case .numbers: .text(try numbers(field))
    case .text: .text(try field.string())
    case .boolean: .boolean(try field.boolean())
    }
  }

  /// A list of numbers as ids have it, `0.9_0.999`.
  private func numbers(_ field: JSONField) throws(SweepError) -> String {
    var texts: [String] = []
    for element in try field.elements() {
      let number = try element.number()
      texts.append(Int(exactly: number).map(String.init) ?? AxisValue.decimal(number))
    }
    return texts.joined(separator: "_")
  }

  private func width(_ field: JSONField) throws(SweepError) -> Double {
    let width = try field.number()
    guard width > 0, width <= Architecture.maximumWidth else {
      throw field.error(
        "the width multiplier is \(AxisValue.decimal(width))",
        advice: "it must be above 0 and at most \(Int(Architecture.maximumWidth))")
    }
    return width
  }
}
