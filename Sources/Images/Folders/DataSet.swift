import Common
import Foundation

/// A training and a validation split with the same classes.
package struct DataSet: Sendable, Equatable {
  package let train, val: ImageFolder

  /// The class names; a label is an index into them.
  package var classes: [String] { train.classes }
  package var root: String { train.root }
  package var splits: [ImageFolder] { [train, val] }

  /// Lists both splits of the data set at `root` without opening files.
  ///
  /// Throws `.badInput` as `ImageFolder` does, if the splits share a folder, or if their classes
  /// differ.
  package init(root: String, train: String = "train", val: String = "val") throws(SweepError) {
    self.train = try ImageFolder(root: root, split: train)
    self.val = try ImageFolder(root: root, split: val)
    try Self.refuseOverlap(of: self.train, and: self.val)
    if let difference = Self.difference(between: self.train, and: self.val) { throw difference }
  }

  /// Throws if two splits are the same folder or one contains the other; links are resolved.
  package static func refuseOverlap(
    of train: ImageFolder, and val: ImageFolder
  ) throws(SweepError) {
    let paths = [train, val].map { "\($0.root)/\($0.split)".resolvedPath + "/" }
    let (first, second) = (Array(paths[0].utf8), Array(paths[1].utf8))
    guard first.starts(with: second) || second.starts(with: first) else { return }
    let what =
      first == second
      ? "are the same folder"
      : first.count < second.count ? "overlap: val lies in train" : "overlap: train lies in val"
    throw SweepError(
      .badInput, at: train.root, "the training and validation images \(what)",
      advice: "give each split a folder of its own")
  }

  /// An error that names the classes that only one split has; nil if both have the same.
  package static func difference(
    between train: ImageFolder, and val: ImageFolder
  ) -> SweepError? {
    func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
    guard !train.classes.elementsEqual(val.classes, by: isSame) else { return nil }
    func only(_ folder: ImageFolder, _ other: ImageFolder) -> String? {
      let names = folder.classes.filter { !other.classes.contains($0) }
      return names.isEmpty ? nil : "only in \(folder.split): \(names.joined(separator: ", "))"
    }
    let parts = [only(train, val), only(val, train)].compactMap(\.self)
    guard !parts.isEmpty else {
      // The names are canonically equivalent but have different bytes.
      let name = train.classes.first { name in !val.classes.contains { isSame(name, $0) } } ?? ""
      return SweepError(
        .badInput, at: train.root,
        "the class \(name) has two Unicode spellings in \(train.split) and \(val.split)",
        advice: "rename one of the folders so that both names have the same bytes")
    }
    return SweepError(
      .badInput, at: train.root,
      "\(train.split) and \(val.split) have different classes (\(parts.joined(separator: "; ")))",
      advice: "give both the same class folders")
  }
}
