import ArgumentParser
import Networks
import Results

/// What shells offer while a command is typed: the names in the default store.
enum Completions {
  static var experiments: [String] {
    (try? Store.read().experiments().map(\.name)) ?? []
  }

  /// The cells of the experiment that was run last, and the names that stand for one.
  static var cells: [String] {
    guard let store = try? Store.read(), let experiment = try? store.chooseExperiment(nil),
      let cells = try? store.cells(of: experiment)
    else { return [] }
    return ["best", "last"] + cells.map(\.description.id)
  }

  static var all: [String] { experiments + cells }
}
