import Common

/// A training and a validation split with the same classes.
public struct DataSet: Sendable, Equatable {
  /// What is trained on.
  public let train: ImageFolder
  /// What is validated on.
  public let val: ImageFolder

  /// The class names; a label is an index into them.
  public var classes: [String] { train.classes }
  /// The folder of both splits.
  public var root: String { train.root }
  /// Both splits.
  public var splits: [ImageFolder] { [train, val] }

  /// Lists both splits of the data set at `root`.
  ///
  /// No file is opened.
  ///
  /// Throws `.badInput` where `ImageFolder` does, and where the splits' classes differ.
  public init(root: String, train: String = "train", val: String = "val") throws(SweepError) {
    self.train = try ImageFolder(root: root, split: train)
    self.val = try ImageFolder(root: root, split: val)
    if let difference = Self.difference(between: self.train, and: self.val) { throw difference }
  }

  /// An error that names the classes that only one of two splits has; nil where both have the same.
  static func difference(between train: ImageFolder, and val: ImageFolder) -> SweepError? {
    let (first, second) = (Set(train.classes), Set(val.classes))
    let sides = [(train, first.subtracting(second)), (val, second.subtracting(first))]
    let parts = sides.filter { !$0.1.isEmpty }.map { folder, names in
      "only in \(folder.split): \(names.sorted(by: codePointOrder).joined(separator: ", "))"
    }
    guard !parts.isEmpty else { return nil }
    return SweepError(
      .badInput, at: train.root,
      "\(train.split) and \(val.split) have different classes (\(parts.joined(separator: "; ")))",
      advice: "give both the same class folders")
  }
}
