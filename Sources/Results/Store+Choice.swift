import Common

extension Store {
  /// The name of the experiment that is meant by `name`: the only one where that is nil.
  ///
  /// Throws where the store cannot be read, holds no experiment, none of that name, or several and
  /// none was named.
  package func chooseExperiment(_ name: String?) throws(SweepError) -> String {
    let names = try experiments().map(\.name)
    guard let first = names.first else {
      throw SweepError(
        .badInput, at: path, "the store holds no experiment yet",
        advice: "`sweep run EXPERIMENT.json` adds one")
    }
    guard let name else {
      if names.count == 1 { return first }
      throw SweepError(
        .usage, at: path,
        "the store holds \(names.count) experiments: \(names.joined(separator: ", "))",
        advice: "choose one with --experiment NAME")
    }
    guard names.contains(name) else {
      throw SweepError(
        .badInput, at: path, "the store holds no experiment \"\(name)\"",
        advice: Spelling.advice(for: name, among: names))
    }
    return name
  }
}
