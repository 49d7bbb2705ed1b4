import Common
import Foundation
import Images

/// Creates a data set with training and validation splits from a folder of class folders, such as
/// Animals-10's `raw-img`, or from a zip of one.
///
/// In each class a random fraction of the images, sorted by name, goes to validation (and
/// optionally to a test split), so that the splits have the same mix. Existing splits are kept.
/// Files are copied unchanged. Animals-10's Italian folder names become English if all ten are
/// there.
package struct DataSetImport: Sendable {
  package struct Class: Sendable, Equatable {
    /// The folder's name in the source.
    package let source: String
    /// The folder's name in the data set.
    package let name: String
    package let train, val, test: Int
  }

  package struct Outcome: Sendable {
    /// The classes, ordered by name.
    package fileprivate(set) var classes: [Class] = []
    /// Notes, one per line: existing splits, and unused files.
    package fileprivate(set) var remarks: [String] = []
  }

  package let source: String
  /// The fraction of each class for validation, between 0 and 1.
  package let valFraction: Double
  /// The fraction of each class for testing, at least 0; with `valFraction` below 1.
  package let testFraction: Double
  package let seed: UInt64

  /// Animals-10's folder names in English.
  static let english = [
    "cane": "dog", "cavallo": "horse", "elefante": "elephant", "farfalla": "butterfly",
    "gallina": "chicken", "gatto": "cat", "mucca": "cow", "pecora": "sheep", "ragno": "spider",
    "scoiattolo": "squirrel",
  ]

  /// Throws `.usage` if a fraction is out of range.
  package init(
    source: String, valFraction: Double = 0.2, testFraction: Double = 0, seed: UInt64 = 0
  ) throws(SweepError) {
    guard valFraction > 0, valFraction < 1 else {
      throw SweepError(.usage, "--val-fraction is \(valFraction); it must be between 0 and 1")
    }
    guard testFraction >= 0, testFraction + valFraction < 1 else {
      throw SweepError(
        .usage, "--test-fraction is \(testFraction)",
        advice: "with --val-fraction it must leave images for training")
    }
    self.source = source
    self.valFraction = valFraction
    self.testFraction = testFraction
    self.seed = seed
  }

  /// Creates the data set at `root`, which must not exist or must be an empty folder; removes it on
  /// failure.
  ///
  /// A zip is extracted by `unzip`. `progress` gets the number of completed images and the total;
  /// if it returns false, the import ends with `.interrupted`.
  package func run(
    to root: String, progress: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) -> Outcome {
    var status = stat()
    guard stat(source, &status) == 0 else {
      let advice = "name Animals-10's raw-img folder or its zip"
      guard errno == ENOENT else { throw .system(at: source, "cannot open it", advice: advice) }
      throw SweepError(.badInput, at: source, "there is no such file or folder", advice: advice)
    }
    let staged = try StagedFolder(for: root)
    guard status.st_mode & S_IFMT != S_IFDIR else {
      let folder = URL(fileURLWithPath: source).standardizedFileURL.path
      return try staged.fill { (path) throws(SweepError) in
        let layout = try SourceLayout(of: folder)
        if case .splits(let train, let val?, nil) = layout,
          train.lastPathPart == "train", val.lastPathPart == "val"
        {
          throw SweepError(
            .badInput, at: train.parentFolder, "it is already split", advice: "use it as it is")
        }
        return try fill(path, from: layout, progress: progress)
      }
    }
    return try staged.fill { (path) throws(SweepError) in
      let unpacked = "\(path)/.unpacked"
      try ZipArchive(path: source).unpack(to: unpacked)
      do throws(SweepError) {
        let outcome = try fill(path, from: SourceLayout(of: unpacked), progress: progress)
        try? FileManager.default.removeItem(atPath: unpacked)
        return outcome
      } catch {
        // Errors in the zip's contents are located by their path in the zip.
        guard error.location.hasPrefix(unpacked) else { throw error }
        throw error.with(location: source + error.location.dropFirst(unpacked.count))
      }
    }
  }

  private func fill(
    _ target: String, from layout: SourceLayout, progress: (_ done: Int, _ of: Int) -> Bool
  ) throws(SweepError) -> Outcome {
    var outcome = Outcome()
    var files: [(source: String, target: String)] = []
    let train: ImageFolder
    var val: ImageFolder?
    switch layout {
    case .classes(let folder): train = try ImageFolder(path: folder)
    case .splits(let trainFolder, let valFolder, let testFolder):
      train = try ImageFolder(path: trainFolder)
      let known = [trainFolder, valFolder, testFolder].compactMap { $0?.lastPathPart }
      for name in try FolderListing(of: trainFolder.parentFolder).ownFolders
      where !known.contains(name) {
        outcome.remarks.append("\(name) is not a split and is ignored")
      }
      if let valFolder {
        let folder = try ImageFolder(path: valFolder)
        if let difference = DataSet.difference(between: [train, folder]) { throw difference }
        outcome.remarks.append("the source's validation split \(folder.split) is kept")
        val = folder
      }
      if let testFolder {
        let name = testFolder.lastPathPart
        if let test = try? ImageFolder(path: testFolder) {
          outcome.remarks.append("\(name) is kept as a test split: dataset.test in an experiment")
          let english = isItalian(train.classes) ? Self.english : [:]
          let names = test.classes.map { english[$0.lowercased()] ?? $0 }
          for sample in test.samples {
            files.append(file(sample, of: test, to: "\(target)/test", names))
          }
        } else {
          outcome.remarks.append("\(name) has no class folders with images and is ignored")
        }
      }
    }
    let names = names(of: train.classes)
    // Number images in the order of the data set's class names, so that translated folders give the
    // same split.
    let order = names.indices.sorted { codePointOrder(names[$0], names[$1]) }
    for (number, label) in order.enumerated() {
      let samples = train.samples.filter { $0.label == label }
      let own = val?.samples.filter { $0.label == label } ?? []
      let drawn = try draw(samples.count, class: number, train, label, isSplit: val != nil)
      for (index, sample) in samples.enumerated() {
        let split =
          drawn.val.contains(index) ? "val" : drawn.test.contains(index) ? "test" : "train"
        files.append(file(sample, of: train, to: "\(target)/\(split)", names))
      }
      for sample in own {
        if let val { files.append(file(sample, of: val, to: "\(target)/val", names)) }
      }
      outcome.classes.append(
        Class(
          source: train.classes[label], name: names[label],
          train: samples.count - drawn.val.count - drawn.test.count,
          val: drawn.val.count + own.count, test: drawn.test.count))
    }
    if let remark = UnusedFiles([train] + (val.map { [$0] } ?? [])).remark {
      outcome.remarks.append(remark)
    }
    try copy(files, progress)
    return outcome
  }

  /// The indices of the validation and test images among `count` images of a class.
  ///
  /// Empty if the source has a validation split (`isSplit`).
  private func draw(
    _ count: Int, class number: Int, _ folder: ImageFolder, _ label: Int, isSplit: Bool
  ) throws(SweepError) -> (val: Set<Int>, test: Set<Int>) {
    if isSplit { return ([], []) }
    let least = testFraction > 0 ? 3 : 2
    guard count >= least else {
      throw SweepError(
        .badInput, at: "\(folder.root)/\(folder.split)/\(folder.classes[label])",
        "the class has \(Format.count(count, "image")); each split needs at least one",
        advice: "add images or remove it")
    }
    var random = CounterRandom(seed: seed, purpose: .split, epoch: UInt32(number))
    let order = random.permutation(of: count)
    func share(_ fraction: Double, most: Int) -> Int {
      min(max(Int((fraction * Double(count)).rounded()), 1), most)
    }
    let val = share(valFraction, most: count - least + 1)
    let test = testFraction > 0 ? share(testFraction, most: count - val - 1) : 0
    return (Set(order.prefix(val)), Set(order.dropFirst(val).prefix(test)))
  }

  /// The data set's names of the source's classes, translated for Animals-10.
  private func names(of classes: [String]) -> [String] {
    isItalian(classes) ? classes.map { Self.english[$0.lowercased()] ?? $0 } : classes
  }

  private func isItalian(_ classes: [String]) -> Bool {
    classes.count == Self.english.count
      && Set(classes.map { $0.lowercased() }) == Set(Self.english.keys)
  }

  private func file(
    _ sample: ImageFolder.Sample, of folder: ImageFolder, to target: String, _ names: [String]
  ) -> (source: String, target: String) {
    let label = Int(sample.label)
    let prefix = "\(folder.split)/\(folder.classes[label])/"
    let rest = String(decoding: sample.name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    return (folder.path(of: sample), "\(target)/\(names[label])/\(rest)")
  }

  private func copy(
    _ files: [(source: String, target: String)], _ progress: (_ done: Int, _ of: Int) -> Bool
  ) throws(SweepError) {
    for (index, file) in files.enumerated() {
      try Folder.create(file.target.parentFolder)
      try FileContents.create(file.target, FileContents.read(file.source))
      guard progress(index + 1, files.count) else {
        throw SweepError(.interrupted, at: source, "interrupted; nothing was imported")
      }
    }
  }
}
