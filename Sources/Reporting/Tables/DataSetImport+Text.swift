import Common
import DataSets

extension DataSetImport.Outcome {
  /// A table with one row per class: its folder, its name, and its images in each split.
  package var text: String {
    let hasTest = classes.contains { $0.test > 0 }
    var table = TextTable(
      [("folder", .left), ("class", .left), ("train", .right), ("val", .right)]
        + (hasTest ? [("test", .right)] : []))
    func add(_ names: [String], _ counts: [Int]) {
      table.add(names + counts.prefix(hasTest ? 3 : 2).map(Format.grouped))
    }
    for item in classes { add([item.source, item.name], [item.train, item.val, item.test]) }
    table.addRule()
    let columns: [[Int]] = [classes.map(\.train), classes.map(\.val), classes.map(\.test)]
    add(["all", ""], columns.map { $0.reduce(0, +) })
    return table.text
  }

  /// The same for scripts; `root` is the new data set.
  package func json(root: String) -> JSON {
    .listing(
      "data import", .init("root", .string(root)),
      .init(
        "classes",
        .array(
          classes.map { item in
            [
              "folder": .string(item.source), "class": .string(item.name),
              "train": .integer(item.train), "val": .integer(item.val),
              "test": .integer(item.test),
            ]
          })),
      .init("remarks", .array(remarks.map(JSON.string))))
  }
}
