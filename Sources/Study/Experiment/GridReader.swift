import Common
import Networks

/// Reads the experiment file's `grid` and enumerates its cells.
struct GridReader {
  /// A limit that keeps a typo from exhausting memory.
  static let maximumCells = 1_000_000

  private let field: JSONField
  private let axes: [(axis: Axis, fields: [JSONField])]
  let grid: Grid

  init(_ field: JSONField) throws(SweepError) {
    self.field = field
    var axes: [String: (axis: Axis, fields: [JSONField])] = [:]
    var names = Axis.basic
    var clauses: [String: JSONField] = [:]
    for (key, value) in try field.members() {
      if key == "exclude" || key == "only" {
        clauses[key] = value
      } else if let kind = Axis.kinds.first(where: { $0.name == key })?.kind {
        axes[key] = try Self.axis(key, kind, value)
        if !names.contains(key) { names.append(key) }
      } else {
        throw field.unknown(key, valid: Axis.kinds.map(\.name) + ["exclude", "only"])
      }
    }
    for name in Axis.basic where axes[name] == nil {
      guard name == "seed" else {
        throw field.missing(name, advice: "a grid has model, width and resolution")
      }
      axes[name] = (Axis(name: name, entries: [.init(value: .integer(0), label: nil)]), [field])
    }
    self.axes = names.compactMap { axes[$0] }
    let plain = self.axes.map(\.axis)
    grid = Grid(
      axes: plain, exclude: try Self.clauses(clauses["exclude"], axes: plain),
      only: try Self.clauses(clauses["only"], axes: plain))
  }

  /// The cells in grid order, with the last axis varying fastest.
  ///
  /// `recipe` builds the recipe from the further axes' values, given by dotted path; its error is
  /// reported only if the grid contains such a cell.
  func cells(
    recipe: ([String: JSONField]) throws(SweepError) -> Recipe
  ) throws(SweepError) -> [Cell] {
    var product = 1
    for (axis, _) in axes {
      product = product.multipliedReportingOverflow(by: axis.entries.count).partialValue
    }
    guard product > 0, product <= Self.maximumCells else {
      throw field.error(
        "the grid has more than \(Self.maximumCells) cells", advice: "split the experiment")
    }
    let further = axes.dropFirst(Axis.basic.count)
    var variants: [(settings: [Cell.Setting], id: String, recipe: Result<Recipe, SweepError>)] =
      []
    try combine(ArraySlice(further), settings: [], id: "", overrides: [:]) {
      settings, id, overrides throws(SweepError) in
      do throws(SweepError) {
        variants.append((settings, id, .success(try recipe(overrides))))
      } catch {
        variants.append((settings, id, .failure(error)))
      }
    }
    var cells: [Cell] = []
    for entry in axes[0].axis.entries {
      let architecture = try entry.network()
      for (index, width) in axes[1].axis.entries.enumerated() {
        var checked: Set<Check> = []
        for resolution in axes[2].axis.entries {
          for seed in axes[3].axis.entries {
            for variant in variants {
              guard case .text(let model) = entry.value, case .number(let width) = width.value,
                case .integer(let resolution) = resolution.value,
                case .integer(let seed) = seed.value
              else { continue }
              let isCell = isCell { axis in
                switch axis {
                case "model": .text(model)
                case "width": .number(width)
                case "resolution": .integer(resolution)
                case "seed": .integer(seed)
                default: variant.settings.first { $0.axis == axis }?.value
                }
              }
              guard isCell else { continue }
              let cell = Cell(
                id: Cell.id(
                  model, width: width, resolution: resolution, seed: seed, settings: variant.id),
                model: model, width: width, resolution: resolution, seed: seed,
                settings: variant.settings, recipe: try variant.recipe.get(),
                architecture: architecture)
              if checked.insert(Check(cell.recipe)).inserted {
                try check(cell, at: axes[1].fields[index])
              }
              cells.append(cell)
            }
          }
        }
      }
    }
    guard !cells.isEmpty else {
      throw field.error(
        "exclude and only remove every cell", advice: "keep at least one combination")
    }
    return cells
  }

  private func isCell(_ value: (_ axis: String) -> AxisValue?) -> Bool {
    if grid.exclude.contains(where: { $0.matches(value) }) { return false }
    return grid.only.isEmpty || grid.only.contains { $0.matches(value) }
  }

  /// The settings that determine whether a model is valid at a width.
  private struct Check: Hashable {
    let channels: ChannelRounding
    var stage: String?

    init(_ recipe: Recipe) {
      channels = recipe.channels
      if case .before(let stage, _) = recipe.initialWeights?.frozen { self.stage = stage }
    }
  }

  /// Throws if a width leaves a layer without channels, or if the network has no such stage.
  private func check(_ cell: Cell, at field: JSONField) throws(SweepError) {
    let network: Network
    do {
      network = try cell.network(classes: 1)
    } catch {
      throw field.error(error.message, advice: error.advice)
    }
    _ = try cell.recipe.initialWeights?.frozenNodes(of: network)
  }

  private func combine(
    _ axes: ArraySlice<(axis: Axis, fields: [JSONField])>, settings: [Cell.Setting], id: String,
    overrides: [String: JSONField],
    _ body: ([Cell.Setting], String, [String: JSONField]) throws(SweepError) -> Void
  ) throws(SweepError) {
    guard let (axis, fields) = axes.first else { return try body(settings, id, overrides) }
    for (entry, field) in zip(axis.entries, fields) {
      var overrides = overrides
      overrides[axis.name] = field
      try combine(
        axes.dropFirst(), settings: settings + [.init(axis: axis.name, value: entry.value)],
        id: "\(id)-\(axis.idPrefix)\(entry.value)", overrides: overrides, body)
    }
  }

  private static func axis(
    _ name: String, _ kind: Axis.Kind, _ field: JSONField
  ) throws(SweepError) -> (axis: Axis, fields: [JSONField]) {
    var entries: [Axis.Entry] = []
    var fields: [JSONField] = []
    let values: [(label: String?, field: JSONField)]
    switch field.value.kind {
    case .object where kind == .model && field.isNetwork: values = [(nil, field)]
    case .object: values = try field.members().map { ($0.key, $0.field) }
    case .array: values = try field.elements().map { (nil, $0) }
    default: throw field.wrongType("a list of values or an object of display names")
    }
    for (label, element) in values {
      let architecture = kind == .model ? try element.ownNetwork() : nil
      let value =
        if let architecture {
          AxisValue.text(architecture.name)
        } else if kind == .steps, let label {
          try Self.steps(element, named: label, isFixed: name == "val_transform")
        } else {
          try kind.value(element)
        }
      if entries.contains(where: { $0.value == value }) {
        throw element.error(
          "\(name) has the value \(value) twice", advice: "list each value once")
      }
      entries.append(
        .init(
          value: value, label: kind == .steps ? nil : label, architecture: architecture,
          placeForTable: architecture == nil ? nil : element.placeForTable))
      fields.append(element)
    }
    guard !entries.isEmpty else {
      throw field.error("\(name) has no value", advice: "give at least one")
    }
    return (Axis(name: name, entries: entries), fields)
  }

  /// The value of an axis of image operations: its display name, which ids contain.
  private static func steps(
    _ field: JSONField, named name: String, isFixed: Bool
  ) throws(SweepError) -> AxisValue {
    _ = try AugmentStep.steps(field, isFixed: isFixed)
    guard ResultFolder.isName(name) else {
      throw field.error(
        "the name \(name.shortened.quoted) cannot be part of an id",
        advice: "use letters, digits, '.', '_' and '-', at most 100, a letter or digit first")
    }
    return .text(name)
  }

  private static func clauses(
    _ field: JSONField?, axes: [Axis]
  ) throws(SweepError) -> [GridClause] {
    var clauses: [GridClause] = []
    for element in try field?.elements() ?? [] {
      clauses.append(try GridClause(element, axes: axes))
    }
    return clauses
  }
}
