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
    root: String, train: String = "train", val: String = "val", threads: Int,
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) {
    let (first, second) = (
      try ImageFolder(root: root, split: train), try ImageFolder(root: root, split: val)
    )
    splits = [first, second]
    try DataSet.refuseOverlap(of: first, and: second)
    difference = DataSet.difference(between: first, and: second)
    unused = UnusedFiles([first, second])
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

  /// Why the data set cannot be used for training, in one line; nil if it can.
  package var verdict: SweepError? { scan.verdict ?? difference }
}
