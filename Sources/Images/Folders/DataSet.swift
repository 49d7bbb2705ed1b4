import Common
import Foundation

/// A training, a validation and possibly a test split with the same classes.
package struct DataSet: Sendable, Equatable {
  package let train: ImageFolder
  /// The validation images; with folds the training images, of which each fold validates some.
  package let val: ImageFolder
  package let test: ImageFolder?
  package let folds: Folds?
  private let exclusions: ExclusionList

  /// The class names; a label is an index into them.
  package var classes: [String] { train.classes }
  package var root: String { train.root }
  package var splits: [ImageFolder] {
    [train] + [folds == nil ? val : nil, test].compactMap(\.self)
  }

  /// The training images; with folds, those outside `fold`.
  package func training(fold: Int?) -> [ImageFolder.Sample] {
    guard let folds, let fold else { return train.samples }
    return folds.samples(train, in: fold, otherwise: true)
  }

  /// The validation images; with folds, those in `fold`.
  package func validation(fold: Int?) -> [ImageFolder.Sample] {
    guard let folds, let fold else { return val.samples }
    return folds.samples(train, in: fold, otherwise: false)
  }

  /// Lists the splits of the data set at `root` without opening files, except the images in
  /// `exclusions`.
  ///
  /// With `folds`, that many folds of the training images take the place of validation images.
  /// Throws `.badInput` as `ImageFolder` does, if the splits share a folder, or if their classes
  /// differ.
  package init(
    root: String, train: String = "train", val: String = "val", test: String? = nil,
    folds: Int? = nil, excluding exclusions: ExclusionList = ExclusionList([])
  ) throws(SweepError) {
    self.exclusions = exclusions
    let folder = try ImageFolder(root: root, split: train, excluding: exclusions)
    self.train = folder
    if let folds {
      self.folds = try Folds(of: folder, count: folds)
      self.val = folder
    } else {
      self.folds = nil
      self.val = try ImageFolder(root: root, split: val, excluding: exclusions)
    }
    self.test =
      if let test { try ImageFolder(root: root, split: test, excluding: exclusions) } else { nil }
    try Self.refuseOverlap(of: splits)
    if let difference = Self.difference(between: splits) { throw difference }
  }

  /// The number of images left out on request, and the entries of the list that name no image, in
  /// one line; nil without a list.
  package var exclusionRemark: String? {
    guard !exclusions.names.isEmpty else { return nil }
    let count = splits.reduce(0) { $0 + $1.excluded.count }
    let unused = exclusions.unused(in: splits)
    let rest =
      unused.isEmpty
      ? ""
      : "; the list names no image with \(Format.count(unused.count, "path")): \(unused[0])"
        + (unused.count > 1 ? ", …" : "")
    return "\(root): \(Format.count(count, "image")) excluded\(rest)"
  }

  /// Throws if two splits (training, validation, test) are the same folder or one contains the
  /// other; links are resolved.
  package static func refuseOverlap(of splits: [ImageFolder]) throws(SweepError) {
    let names = [("training", "train"), ("validation", "val"), ("test", "test")]
    let paths = splits.map { Array(("\($0.root)/\($0.split)".resolvedPath + "/").utf8) }
    for second in splits.indices {
      for first in 0..<second {
        let (a, b) = (paths[first], paths[second])
        guard a.starts(with: b) || b.starts(with: a) else { continue }
        let (outer, inner) = a.count < b.count ? (first, second) : (second, first)
        let what =
          a == b
          ? "are the same folder" : "overlap: \(names[inner].1) lies in \(names[outer].1)"
        throw SweepError(
          .badInput, at: splits[0].root,
          "the \(names[first].0) and \(names[second].0) images \(what)",
          advice: "give each split a folder of its own")
      }
    }
  }

  /// An error that names the classes that only the first or only another split has; nil if all have
  /// the same.
  package static func difference(between splits: [ImageFolder]) -> SweepError? {
    splits.dropFirst().lazy.compactMap { difference(between: splits[0], and: $0) }.first
  }

  private static func difference(
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
