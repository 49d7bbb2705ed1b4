import Common
import Networks

/// The axes of a sweep and the combinations that are cells.
package struct Grid: Sendable, Equatable {
  /// The axes: model, width, resolution, seed, then further ones in the file's order.
  package let axes: [Axis]
  let exclude: [GridClause]
  /// If not empty, only combinations that match one of these are cells.
  let only: [GridClause]

  var ownArchitectures: [Architecture] { axes.flatMap(\.entries).compactMap(\.architecture) }

  /// The tables of networks from files, with the byte offsets at which the file's text takes them.
  var insertions: [(place: Int, text: String)] {
    axes.flatMap(\.entries).compactMap { entry in
      guard let place = entry.placeForTable, let architecture = entry.architecture else {
        return nil
      }
      return (place, "\"table\": \(architecture.canonical), ")
    }
  }
}

/// A condition on cells: the accepted values of each axis that it names.
///
/// A cell must match on all of these axes.
package struct GridClause: Sendable, Equatable {
  let values: [String: [AxisValue]]

  package func matches(_ cell: Cell) -> Bool { matches { cell.value(on: $0) } }

  func matches(_ value: (_ axis: String) -> AxisValue?) -> Bool {
    values.allSatisfy { axis, values in value(axis).map(values.contains) ?? false }
  }

  /// Parses a command-line condition, `model=mobilenet_v2,width=0.35`; an axis named twice accepts
  /// both values.
  ///
  /// Values are those of the grid's axes or their display names. Throws a usage error for anything
  /// else.
  package init(argument: String, grid: Grid) throws(SweepError) {
    let location = "--only \(argument)"
    var values: [String: [AxisValue]] = [:]
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2 else {
        throw SweepError(
          .usage, at: location, "expected axis=value, found \(String(part).shortened.quoted)",
          advice: "write --only model=mobilenet_v2,width=0.35")
      }
      guard let axis = grid.axes.first(where: { $0.name == sides[0] }) else {
        throw SweepError(
          .usage, at: location, "the grid has no axis \(sides[0].shortened.quoted)",
          advice: Spelling.advice(for: sides[0], among: grid.axes.map(\.name)))
      }
      guard let entry = axis.entry(sides[1]) else {
        throw SweepError(
          .usage, at: location,
          "\(axis.name) does not take \(sides[1].shortened.quoted) in the grid",
          advice: Spelling.advice(for: sides[1], among: axis.spellings))
      }
      values[axis.name, default: []].append(entry.value)
    }
    self.values = values
  }

  init(_ field: JSONField, axes: [Axis]) throws(SweepError) {
    var values: [String: [AxisValue]] = [:]
    for (name, field) in try field.object(keys: axes.map(\.name)) {
      guard let axis = axes.first(where: { $0.name == name }) else { continue }
      if case .array = field.value.kind {
        for element in try field.elements() {
          values[name, default: []].append(try Self.value(element, of: axis))
        }
      } else {
        values[name] = [try Self.value(field, of: axis)]
      }
      guard values[name] != nil else { throw field.error("the list is empty") }
    }
    guard !values.isEmpty else {
      throw field.error("the clause names no axis", advice: "name at least one, or remove it")
    }
    self.values = values
  }

  private static func value(_ field: JSONField, of axis: Axis) throws(SweepError) -> AxisValue {
    let text: String
    switch field.value.kind {
    case .string(let name): text = name
    case .number(let digits): text = digits
    case .boolean(let flag): text = String(flag)
    default: throw field.wrongType("a value of \(axis.name)")
    }
    guard let entry = axis.entry(text) else {
      throw field.error(
        "\(axis.name) does not take \(text.shortened.quoted) in this grid",
        advice: Spelling.advice(for: text, among: axis.spellings))
    }
    return entry.value
  }
}
