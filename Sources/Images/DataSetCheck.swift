import Common

/// What is to be known about a data set before it is trained on: counts, broken files, wrong
/// extensions, duplicates.
public struct DataSetCheck: Sendable {
  /// The two splits.
  public let splits: [ImageFolder]
  /// The classes that only one split has, as an error; nil where both have the same.
  public let difference: SweepError?
  /// What reading every file gave.
  public let scan: DataSetScan

  /// Reads and decodes every file of the data set at `root`, as ``DataSetScan`` does.
  ///
  /// Throws `.badInput` where a split is missing or a class is empty.
  public init(
    root: String, train: String = "train", val: String = "val", threads: Int,
    progress: @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) {
    let (first, second) = (
      try ImageFolder(root: root, split: train), try ImageFolder(root: root, split: val)
    )
    splits = [first, second]
    difference = DataSet.difference(between: first, and: second)
    scan = try DataSetScan(splits, threads: threads, progress: progress)
  }

  /// Files whose extension promises another format than their content has, from the root.
  ///
  /// They train like the others.
  public var misnamed: [DataSetScan.File] {
    scan.files.filter { file in
      let suffix = file.name.split(separator: ".").last ?? ""
      return file.error == nil && !file.format.matches(extension: String(suffix))
    }
  }

  /// Pairs of a training and a validation image with the same content, as names from the root.
  public var duplicates: [(train: String, val: String)] {
    let boundary =
      scan.files.firstIndex { file in
        file.name.hasPrefix("\(splits[1].split)/")
      } ?? scan.files.count
    let training = Dictionary(
      scan.files[..<boundary].map { ($0.sha256, $0.name) }, uniquingKeysWith: { first, _ in first })
    return scan.files[boundary...].compactMap { file in
      training[file.sha256].map { (train: $0, val: file.name) }
    }
  }

  /// Why the data set cannot be trained on, in one line; nil where it can.
  public var verdict: SweepError? { scan.verdict ?? difference }
}
