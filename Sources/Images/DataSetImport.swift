import Common
import Foundation

/// Makes a data set with a training and a validation split of a folder, or of a zip of one, that
/// has a folder of images per class, as Animals-10's `raw-img` is.
///
/// In each class the images are sorted by name and a share drawn for validation, so that both
/// splits have the same mix. The files are copied as they are. Animals-10's Italian folder names
/// become English.
public struct DataSetImport: Sendable {
  /// What became of one class.
  public struct Class: Sendable, Equatable {
    /// Its folder's name in the source.
    public let source: String
    /// Its folder's name in the data set.
    public let name: String
    /// How many of its images are for training.
    public let train: Int
    /// How many of its images are for validation.
    public let val: Int
  }

  /// The folder or zip that is read.
  public let source: String
  /// The share of each class that is for validation, between 0 and 1.
  public let valFraction: Double
  /// What the validation images are drawn from.
  public let seed: UInt64

  /// Animals-10's folder names and what they mean.
  static let english = [
    "cane": "dog", "cavallo": "horse", "elefante": "elephant", "farfalla": "butterfly",
    "gallina": "chicken", "gatto": "cat", "mucca": "cow", "pecora": "sheep", "ragno": "spider",
    "scoiattolo": "squirrel",
  ]

  /// An import from `source`; throws `.usage` where `valFraction` is not between 0 and 1.
  public init(
    source: String, valFraction: Double = 0.2, seed: UInt64 = 0
  ) throws(SweepError) {
    guard valFraction > 0, valFraction < 1 else {
      throw SweepError(.usage, "--val-fraction is \(valFraction); it must be between 0 and 1")
    }
    self.source = source
    self.valFraction = valFraction
    self.seed = seed
  }

  /// Makes the data set at `root`, which must not exist yet or be an empty folder; nothing is left
  /// there where that fails.
  ///
  /// A zip is unpacked by the system's program `unzip`. `progress` hears how many images are done,
  /// of how many; where it returns false the import ends with `.interrupted`.
  public func run(
    to root: String, progress: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) -> [Class] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder) else {
      throw SweepError(
        .badInput, at: source, "there is no such file or folder",
        advice: "name Animals-10's raw-img folder or its zip")
    }
    let staged = try StagedFolder(for: root)
    guard !isFolder.boolValue else {
      let folder = URL(fileURLWithPath: source).standardizedFileURL.path
      return try staged.fill { (path) throws(SweepError) in
        try fill(path, from: classFolders(in: folder), progress: progress)
      }
    }
    return try staged.fill { (path) throws(SweepError) in
      let unpacked = "\(path)/.unpacked"
      try ZipArchive(path: source).unpack(to: unpacked)
      do throws(SweepError) {
        let classes = try fill(path, from: classFolders(in: unpacked), progress: progress)
        try? FileManager.default.removeItem(atPath: unpacked)
        return classes
      } catch {
        // What is wrong in the zip is told by its place in the zip.
        guard error.location.hasPrefix(unpacked) else { throw error }
        throw SweepError(
          error.code, at: source + error.location.dropFirst(unpacked.count), error.message,
          advice: error.advice)
      }
    }
  }

  /// The folder that holds the class folders: `path`, its folder `raw-img`, or that below its only
  /// folder.
  private func classFolders(in path: String) throws(SweepError) -> String {
    let folders = try FolderListing(of: path).folders.filter { !$0.hasPrefix(".") }
    if folders.contains("raw-img") { return "\(path)/raw-img" }
    if folders.contains("train") && folders.contains("val") {
      throw SweepError(
        .badInput, at: path, "it is split already",
        advice: "use it as it is, or import one of its folders")
    }
    if folders.count == 1, let only = folders.first,
      try !FolderListing(of: "\(path)/\(only)").folders.isEmpty
    {
      return try classFolders(in: "\(path)/\(only)")
    }
    return path
  }

  private func fill(
    _ target: String, from folder: String, progress: (_ done: Int, _ of: Int) -> Bool
  ) throws(SweepError) -> [Class] {
    let images = try ImageFolder(path: folder)
    let names = images.classes.map { Self.english[$0.lowercased()] ?? $0 }
    guard Set(names).count == names.count else {
      throw SweepError(
        .badInput, at: source, "two of its folders stand for the same class",
        advice: "put their images into one folder")
    }
    var classes: [Class] = []
    var done = 0
    // Numbered in the order of the data set's names, so that translated folders draw the same
    // split.
    let order = names.indices.sorted { codePointOrder(names[$0], names[$1]) }
    for (number, label) in order.enumerated() {
      let samples = images.samples.filter { $0.label == label }
      guard samples.count > 1 else {
        throw SweepError(
          .badInput, at: "\(folder)/\(images.classes[label])",
          "the class holds a single image; it takes one for training and one for validation",
          advice: "add images or remove it")
      }
      let wanted = Int((valFraction * Double(samples.count)).rounded())
      let valCount = min(max(wanted, 1), samples.count - 1)
      var random = CounterRandom(seed: seed, purpose: .split, epoch: UInt32(number))
      let chosen = Set(random.permutation(of: samples.count).prefix(valCount))
      let prefix = "\(images.split)/\(images.classes[label])/"
      for (index, sample) in samples.enumerated() {
        let place = "\(chosen.contains(index) ? "val" : "train")/\(names[label])"
        let file = "\(target)/\(place)/\(sample.name.dropFirst(prefix.count))"
        try FileContents.makeFolder(file.parentFolder)
        try FileContents.write(FileContents.read(images.path(of: sample)), to: file)
        done += 1
        guard progress(done, images.samples.count) else {
          throw SweepError(.interrupted, at: source, "interrupted; nothing was imported")
        }
      }
      classes.append(
        Class(
          source: images.classes[label], name: names[label], train: samples.count - valCount,
          val: valCount))
    }
    return classes
  }
}
