import Common
import Images

/// A check of a data set before training: counts, broken files, wrong extensions, duplicates.
package struct DataSetCheck: Sendable {
  package let splits: [ImageFolder]
  /// The classes that only one split has, as an error; nil if both have the same.
  package let difference: SweepError?
  /// The unused contents of the splits.
  package let unused: UnusedFiles
  package let scan: DataSetScan

  /// Decodes every file of the data set at `root`, as ``DataSetScan`` does.
  ///
  /// Throws `.badInput` if a split is missing, a class is empty, or the splits overlap.
  package init(
    root: String, train: String = "train", val: String? = "val", test: String? = nil,
    excluding exclusions: ExclusionList = ExclusionList([]), threads: Int,
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) {
    var splits: [ImageFolder] = []
    for split in [train, val, test].compactMap(\.self) {
      splits.append(try ImageFolder(root: root, split: split, excluding: exclusions))
    }
    self.splits = splits
    try DataSet.refuseOverlap(of: splits)
    difference = DataSet.difference(between: splits)
    unused = UnusedFiles(splits)
    scan = try DataSetScan(splits, threads: threads, progress: progress)
  }

  /// Files whose extension does not match their format, as paths from the root.
  ///
  /// They can be trained on.
  package var misnamed: [DataSetScan.File] {
    scan.files.filter { file in
      let suffix = file.name.split(separator: ".").last ?? ""
      return file.error == nil && !file.format.matches(extension: String(suffix))
    }
  }

  /// The files to leave out, with reasons, in data-set order: broken ones, images that a later split
  /// (validation or test) has too, and all copies of images that are in several classes.
  package var exclusions: [(name: String, reason: String)] {
    func rank(_ file: DataSetScan.File) -> Int {
      splits.firstIndex { $0.split == file.split } ?? 0
    }
    var reasons: [String: String] = [:]
    for (name, error) in zip(scan.brokenNames, scan.broken) { reasons[name] = error.message }
    let groups = Dictionary(grouping: scan.files.filter { $0.error == nil }, by: \.sha256)
    for copies in groups.values where copies.count > 1 {
      for file in copies {
        if let other = copies.first(where: { $0.className != file.className }) {
          reasons[file.name] = "same image as \(other.name) of another class"
        } else if let other = copies.first(where: { rank($0) > rank(file) }) {
          reasons[file.name] = "same image as \(other.name)"
        }
      }
    }
    return splits.flatMap(\.samples).compactMap { sample in
      reasons[sample.name].map { (sample.name, $0) }
    }
  }

  /// Why the data set cannot be used for training, in one line; nil if it can.
  package var verdict: SweepError? { scan.verdict ?? difference }
}
