import Common
import Images

/// What is to be known about a data set before it is trained on: counts, broken files, wrong
/// extensions, duplicates.
public struct DataSetCheck: Sendable {
  /// The two splits.
  public let splits: [ImageFolder]
  /// The classes that only one split has, as an error; nil where both have the same.
  public let difference: SweepError?
  /// What the splits hold that is not used.
  public let unused: UnusedFiles
  /// What reading every file gave.
  public let scan: DataSetScan

  /// Reads and decodes every file of the data set at `root`, as ``DataSetScan`` does.
  ///
  /// Throws `.badInput` where a split is missing, a class is empty, or the splits overlap.
  public init(
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

  /// Files whose extension promises another format than their content has, from the root.
  ///
  /// They train like the others.
  public var misnamed: [DataSetScan.File] {
    scan.files.filter { file in
      let suffix = file.name.split(separator: ".").last ?? ""
      return file.error == nil && !file.format.matches(extension: String(suffix))
    }
  }

  /// The findings as text: a table of counts, then a line for each finding under a heading, nothing
  /// where there is none.
  public var text: String {
    var table = TextTable(
      [("class", .left)] + splits.map { ($0.split, .right) } + [("total", .right)])
    let counts = splits.map { folder in
      Dictionary(folder.samples.map { (folder.classes[Int($0.label)], 1) }, uniquingKeysWith: +)
    }
    func add(_ name: String, _ numbers: [Int]) {
      table.add([name] + (numbers + [numbers.reduce(0, +)]).map(Format.grouped))
    }
    for name in Set(splits.flatMap(\.classes)).sorted(by: codePointOrder) {
      add(name, counts.map { $0[name] ?? 0 })
    }
    table.addRule()
    add("all", splits.map(\.samples.count))

    var text = table.text
    func list(_ heading: String, _ lines: [String]) {
      guard !lines.isEmpty else { return }
      text += "\n\(heading): \(Format.grouped(lines.count))\n"
      text += lines.map { "  \($0)\n" }.joined()
    }
    list("different classes", difference.map { [$0.message] } ?? [])
    list("broken", scan.broken.map { "\($0.location): \($0.message)" })
    list(
      "wrong extension", misnamed.map { "\($0.name) holds \($0.format == .png ? "PNG" : "JPEG")" })
    list("in both splits", scan.acrossSplits.map { "\($0.first) = \($0.second)" })
    list("in several classes", scan.acrossClasses.map { "\($0.first) = \($0.second)" })
    list("not used", unused.lines)
    if let fingerprint = try? scan.fingerprint() { text += "\nfingerprint: \(fingerprint)\n" }
    return text
  }

  /// Why the data set cannot be trained on, in one line; nil where it can.
  public var verdict: SweepError? { scan.verdict ?? difference }
}
