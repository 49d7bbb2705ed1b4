import Common
import Images

/// The result of decoding every file of a data set once.
package struct DataSetScan: Sendable {
  package struct File: Sendable, Equatable {
    /// The path from the data set's root: `train/cat/1.jpg`.
    package let name: String
    package let split, className: String
    package let size: Int
    /// The SHA-256 of its content in 64 hexadecimal digits.
    package let sha256: String
    package let format: ImageFormat
    /// The decoding error, if any.
    package let error: SweepError?
  }

  /// The readable files, in data-set order.
  package let files: [File]
  package let broken: [SweepError]
  /// The paths of the broken files from the data set's root, in the same order.
  let brokenNames: [String]
  private let root: String
  private let count: Int

  /// Reads and decodes every file of `splits` (of one root) once, on up to `threads` threads.
  ///
  /// `progress` is called as in `decodeAll`. Broken files do not throw; they are in ``broken``.
  /// Failures of the machine, such as too many open files, are thrown because they say nothing
  /// about the images. Files whose SHA-256 is in `sound` are not decoded again.
  package init(
    _ splits: [ImageFolder], threads: Int, sound: Set<String> = [],
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) {
    let samples = splits.flatMap { folder in folder.samples.map { (folder, $0) } }
    let outcomes = try decodeAll(samples.count, threads: threads, progress: progress) {
      index throws(SweepError) in
      try Self.scan(samples[index].1, of: samples[index].0, sound: sound)
    }
    files = outcomes.compactMap { try? $0.get() }
    let problems = zip(samples, outcomes).compactMap { sample, outcome in
      switch outcome {
      case .success(let file): file.error.map { (sample.1.name, $0) }
      case .failure(let error): (sample.1.name, error)
      }
    }
    brokenNames = problems.map(\.0)
    broken = problems.map(\.1)
    root = splits.first?.root ?? ""
    count = samples.count
    if let failure = Self.machineFailure(in: broken) { throw failure }
  }

  /// The first error that is not about an image.
  static func machineFailure(in errors: [SweepError]) -> SweepError? {
    errors.first { $0.kind != .badInput }
  }

  /// The number of broken files, in one line; nil if there are none.
  package var verdict: SweepError? {
    guard !broken.isEmpty else { return nil }
    return SweepError(
      .badInput, at: root,
      "\(Format.grouped(broken.count)) of \(Format.grouped(count)) images "
        + (broken.count == 1 ? "is broken" : "are broken"),
      advice: "replace or remove them")
  }

  /// The SHA-256 of ``listing`` in 64 hexadecimal digits; it does not depend on where the data set
  /// is stored.
  ///
  /// Throws `.badInput` if files are broken: the error itself for one, otherwise their number and
  /// the first.
  package func fingerprint() throws(SweepError) -> String {
    if let first = broken.first {
      guard broken.count > 1 else { throw first }
      throw SweepError(
        .badInput, at: first.location,
        "\(first.message) (and \(broken.count - 1) more of \(count) images "
          + (broken.count == 2 ? "is broken)" : "are broken)"),
        advice: "`sweep data check \(root)` lists them")
    }
    return manifest.fingerprint
  }

  package var manifest: FileManifest {
    FileManifest(files.map { .init(sha256: $0.sha256, size: $0.size, name: $0.name) })
  }

  package var listing: String { manifest.text }

  package var acrossSplits: [(first: String, second: String)] { pairs { $0.split != $1.split } }

  /// Pairs of files with the same content in different classes.
  package var acrossClasses: [(first: String, second: String)] {
    pairs { $0.className != $1.className }
  }

  /// A note on identical files across splits and classes, in one line; nil if there are none.
  package var remark: String? {
    let counts = [
      (acrossSplits.count, "are in several splits"),
      (acrossClasses.count, "are in several classes"),
    ].filter { $0.0 > 0 }
    guard !counts.isEmpty else { return nil }
    let text = counts.map { "\(Format.grouped($0)) images \($1)" }.joined(separator: ", ")
    return "\(root): \(text); `sweep data check \(root)` lists them"
  }

  /// Each file that differs from an earlier one with the same content, paired with the first such
  /// one.
  private func pairs(
    where differ: (File, File) -> Bool
  ) -> [(first: String, second: String)] {
    var earlier: [String: [File]] = [:]
    var pairs: [(first: String, second: String)] = []
    for file in files {
      if let other = earlier[file.sha256]?.first(where: { differ($0, file) }) {
        pairs.append((other.name, file.name))
      }
      earlier[file.sha256, default: []].append(file)
    }
    return pairs
  }

  /// The digests in file lists in the format of ``listing``.
  package static func digests(in listings: [String]) -> Set<String> {
    Set(listings.flatMap { FileManifest(parsing: $0).entries.map(\.sha256) })
  }

  private static func scan(
    _ sample: ImageFolder.Sample, of folder: ImageFolder, sound: Set<String>
  ) throws(SweepError) -> File {
    let path = folder.path(of: sample)
    let bytes = try FileContents.read(path)
    let digest = SHA256.hash(bytes)
    var problem: SweepError?
    if !sound.contains(digest) {
      do throws(SweepError) {
        _ = try Image(decoding: bytes, path: path)
      } catch {
        problem = error
      }
    }
    return File(
      name: sample.name, split: folder.split, className: folder.classes[Int(sample.label)],
      size: bytes.count, sha256: digest, format: ImageFormat(of: bytes), error: problem)
  }
}
