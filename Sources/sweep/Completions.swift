import ArgumentParser
import Networks
import Results

/// Shell completions: the names in the default store.
enum Completions {
  static var experiments: [String] {
    (try? Store.read().experiments().map(\.name)) ?? []
  }

  /// The cells of the most recent experiment, and `best` and `last`.
  static var cells: [String] {
    guard let store = try? Store.read(), let experiment = try? store.chooseExperiment(nil),
      let cells = try? store.cells(of: experiment)
    else { return [] }
    return ["best", "last"] + cells.map(\.description.id)
  }

  static var all: [String] { experiments + cells }
}
