import Common
import Networks
import Results

extension SweepRunner {
  package static func register(
    _ plan: Plan, in store: Store, folder: ResultFolder? = nil
  ) throws(SweepError) {
    let experiment = plan.experiment
    let name =
      if let folder { folder.name } else { try ResultFolder(of: experiment.name, in: store).name }
    try store.register(
      ExperimentDescription(
        name: experiment.name, file: experiment.text, folder: name,
        cells: plan.items.map { $0.description(epochs: experiment.epochs) },
        claims: experiment.claims))
  }

  /// Throws, with the differences, if trained cells no longer fit the grid because a setting of all
  /// cells has changed.
  package static func refuseChangedRecipe(
    _ experiment: Experiment, in store: Store
  ) throws(SweepError) {
    let objections = try experiment.objections(in: store)
    guard !objections.isEmpty else { return }
    throw SweepError(
      .badInput, at: experiment.file,
      "the experiment \(experiment.name) has results with another recipe: "
        + objections.map(\.text).joined(separator: "; "),
      advice: objections.contains(where: \.isAboutAxis)
        ? "keep the value that the cells were trained with, or give the experiment another name"
        : "undo the change, or give the experiment another name")
  }
}

extension Plan.Item {
  func description(epochs: Int) -> CellDescription {
    CellDescription(
      id: cell.id, recipe: recipe, model: cell.model, width: cell.width,
      resolution: cell.resolution, seed: cell.seed, axes: cell.axes,
      params: cost.params, macs: cost.macs, flops: cost.flops, thopMACs: cost.thopMacs,
      activationBytes: activationBytes, epochs: epochs)
  }
}

extension Cell {
  var axes: [JSON.Member] {
    settings.map { setting in
      let value: JSON =
        switch setting.value {
        case .text(let text): .string(text)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .boolean(let flag): .boolean(flag)
        }
      return JSON.Member(setting.axis, value)
    }
  }
}
