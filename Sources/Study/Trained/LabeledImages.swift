import Common
import DataSets
import Images

/// The images of a folder with one folder per class, labeled by a trained network's class indices.
package struct LabeledImages: Sendable {
  package let paths: [String]
  package let labels: [Int32]
  package let missing: [String]
  private let folder: ImageFolder

  /// Lists the folder at `root`, laid out as one split of a data set; `classes` are the network's.
  package init(_ root: String, classes: [String]) throws(SweepError) {
    folder = try ImageFolder(path: root)
    var numbers: [Int32] = []
    var unknown: [String] = []
    for name in folder.classes {
      if let number = classes.firstIndex(of: name) {
        numbers.append(Int32(number))
      } else {
        unknown.append(name)
      }
    }
    guard unknown.isEmpty else {
      let isDataSet = Set(folder.classes).isSuperset(of: ["train", "val"])
      let advice =
        isDataSet
        ? "name one of its splits: \(root)/val"
        : unknown.count == 1
          ? Spelling.advice(for: unknown[0], among: classes)
          : "its classes are " + classes.joined(separator: ", ")
      throw SweepError(
        .badInput, at: root,
        "it has folders that are not classes of the network: \(unknown.joined(separator: ", "))",
        advice: advice)
    }
    paths = folder.samples.map(folder.path)
    labels = folder.samples.map { numbers[Int($0.label)] }
    missing = classes.filter { [folder] in !folder.classes.contains($0) }
  }

  /// Decodes every image on up to `threads` threads, so that broken ones are found before work
  /// starts; `progress` is as for `DataSetScan`.
  package func scan(
    threads: Int, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) -> DataSetScan {
    try DataSetScan([folder], threads: threads, progress: progress)
  }
}
