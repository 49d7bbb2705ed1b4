import Common
import Engine
import Images
import Networks
import Weights

/// One axis of a grid: a setting and its values, in order.
package struct Axis: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package let value: AxisValue
    /// The display name, `W75%`; nil if the file gives a plain list.
    package let label: String?
    /// The network from a file; nil for built-in networks and other axes.
    var architecture: Architecture?
    /// The byte offset in the file's text at which to insert the table; nil if the table is there.
    var placeForTable: Int?
  }

  /// The setting: `model`, `width`, `resolution`, `seed`, or a dotted path such as `optimizer.lr`.
  package let name: String
  package let entries: [Entry]

  enum Kind: Equatable {
    case model, rounding, width, resolution, seed, batchSize, integer, number, numbers, boolean,
      text
    /// A name from a list; `of` says what it names.
    case name(of: String, [String])
    /// A name or a list with the weight of each class.
    case classWeights
    /// Lists of image operations; the values are their display names.
    case steps
  }

  /// The axes that every grid has, in order; the last one varies fastest.
  static let basic = ["model", "width", "resolution", "seed"]
  static let kinds: [(name: String, kind: Kind)] =
    [
      ("model", .model), ("width", .width), ("resolution", .resolution), ("seed", .seed),
      ("batch_size", .batchSize), ("channels", .rounding), ("shuffle", .boolean),
      ("label_smoothing", .number), ("dropout", .number), ("augment", .steps),
      ("val_transform", .steps), (Fold.axis, .integer), ("class_weights", .classWeights),
      ("sampling", .name(of: "sampling", Sampling.allCases.map(\.rawValue))),
    ]
    + [
      ("optimizer", OptimizerRecipe.axes), ("schedule", ScheduleRecipe.axes),
      ("gradient_clipping", GradientClipping.axes), ("early_stopping", EarlyStopping.axes),
      ("initial_weights", InitialWeightsRecipe.axes),
    ].flatMap { section, axes in axes.map { ("\(section).\($0.name)", $0.kind) } }

  /// The prefix of the axis' values in an id: `w` for width, `lr` for `optimizer.lr`, `optimizer`
  /// for `optimizer.name`.
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

  func entry(_ text: String) -> Entry? {
    entries.first { $0.label == text } ?? entries.first { $0.matches(text) }
  }

  var spellings: [String] {
    entries.flatMap { [$0.label, $0.value.description].compactMap { $0 } }
  }
}

extension Axis.Entry {
  /// Whether `text` is another spelling of the value: `1` for 1.0.
  fileprivate func matches(_ text: String) -> Bool {
    switch value {
    case .number(let number): Double(text) == number
    case .integer(let integer): Int(text) == integer
    case .text, .boolean: text == value.description
    }
  }
}

extension Axis.Kind {
  /// Reads a value of this kind and checks its range.
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
    case .classWeights:
      if case .array = field.value.kind {
        .text(try numbers(field))
      } else {
        .text(try field.name(of: "class weights", among: ClassWeights.names))
      }
    case .steps: throw field.wrongType("lists with display names, {\"none\": [], \"flips\": […]}")
    case .boolean: .boolean(try field.boolean())
    }
  }

  /// Numbers as they appear in ids, `0.9_0.999`.
  private func numbers(_ field: JSONField) throws(SweepError) -> String {
    var texts: [String] = []
    for element in try field.elements() {
      let number = try element.number()
      texts.append(Int(exactly: number).map(String.init) ?? Format.decimal(number))
    }
    return texts.joined(separator: "_")
  }

  private func width(_ field: JSONField) throws(SweepError) -> Double {
    try field.number(
      "the width multiplier", "above 0 and at most \(Int(Architecture.maximumWidth))"
    ) { $0 > 0 && $0 <= Architecture.maximumWidth }
  }
}

package enum AxisValue: Sendable, Hashable, CustomStringConvertible {
  case text(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)

  /// The value as it appears in cell ids: numbers as the shortest decimal with at least one digit
  /// after the point, `1.0`.
  package var description: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): Format.decimal(number)
    case .boolean(let flag): String(flag)
    }
  }
}

/// A custom network as a value of the axis `model`: `{"file": "my_net.json"}` or an inline
/// `{"table": {…}}`.
extension JSONField {
  private static let keys = ["file", "table"]

  /// Whether this is a custom network rather than an object of display names.
  var isNetwork: Bool {
    guard case .object(let members) = value.kind,
      members.allSatisfy({ Self.keys.contains($0.key) })
    else { return false }
    if value.member("table")?.value.member("stages") != nil { return true }
    guard case .string = value.member("file")?.value.kind else { return false }
    return true
  }

  /// The network; nil if this is not an object.
  ///
  /// A path is relative to the experiment file. The file is not opened if the table is inline.
  func ownNetwork() throws(SweepError) -> Architecture? {
    guard case .object = value.kind else { return nil }
    let fields = try object(keys: Self.keys)
    let path = try fields["file"]?.string()
    if let table = fields["table"] { return try Architecture(own: table) }
    guard let path else {
      throw missing("file", advice: "write {\"file\": \"my_net.json\"}")
    }
    return try Architecture(contentsOf: InputFile.path(path, besides: file))
  }

  /// The byte offset in the text at which to insert the table of a network from a file; nil if the
  /// table is there.
  var placeForTable: Int? { value.member("table") == nil ? value.offset + 1 : nil }
}

extension Axis.Entry {
  func network() throws(SweepError) -> Architecture {
    if let architecture { return architecture }
    return try Architecture.named(value.description)
  }
}
