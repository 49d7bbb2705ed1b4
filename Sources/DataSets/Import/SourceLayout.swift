import Common
import Images

enum SourceLayout {
  /// A folder of class folders.
  case classes(String)
  /// Folders of splits that contain class folders.
  case splits(train: String, val: String?, test: String?)

  private enum Split: Hashable {
    case train, val, test
  }

  private static let names: [String: Split] = [
    "train": .train, "training": .train, "trn": .train, "train_set": .train,
    "training_set": .train, "val": .val, "valid": .val, "validation": .val, "dev": .val,
    "val_set": .val, "validation_set": .val, "test": .test, "testing": .test, "tst": .test,
    "test_set": .test, "testing_set": .test,
  ]

  /// Examines the folder `path`, or its folder `raw-img`, or its only folder.
  ///
  /// Throws if the classes have splits of their own, or if two folders are the same split.
  init(of path: String) throws(SweepError) {
    let folders = try FolderListing(of: path).ownFolders
    if folders.contains("raw-img") {
      self = .classes("\(path)/raw-img")
      return
    }
    if let splits = try Self.splits(folders, in: path) {
      self = splits
      return
    }
    if folders.count == 1, let only = folders.first,
      try !FolderListing(of: "\(path)/\(only)").ownFolders.isEmpty
    {
      self = try SourceLayout(of: "\(path)/\(only)")
      return
    }
    try Self.refuseSplitClasses(folders, in: path)
    self = .classes(path)
  }

  /// The splits among folders; nil if there are fewer than two, because one may be a class.
  private static func splits(
    _ folders: [String], in path: String
  ) throws(SweepError) -> SourceLayout? {
    var found: [Split: String] = [:]
    for folder in folders {
      guard let split = names[folder.lowercased()] else { continue }
      if let other = found.updateValue(folder, forKey: split) {
        throw SweepError(
          .badInput, at: path, "\(other) and \(folder) are the same split",
          advice: "rename or remove one of them")
      }
    }
    guard let train = found[.train], found.count > 1 else { return nil }
    func place(_ split: Split) -> String? { found[split].map { "\(path)/\($0)" } }
    return .splits(train: "\(path)/\(train)", val: place(.val), test: place(.test))
  }

  private static func refuseSplitClasses(
    _ folders: [String], in path: String
  ) throws(SweepError) {
    guard let first = folders.first else { return }
    for folder in folders {
      let inner = try FolderListing(of: "\(path)/\(folder)").ownFolders
      guard inner.count > 1, inner.allSatisfy({ names[$0.lowercased()] != nil }) else { return }
    }
    throw SweepError(
      .badInput, at: "\(path)/\(first)", "each class is already split",
      advice: "move the images to train/CLASS and val/CLASS, and use that folder as it is")
  }
}
