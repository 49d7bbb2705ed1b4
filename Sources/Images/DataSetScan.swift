import Common

/// What came of reading and decoding every file of a data set once.
public struct DataSetScan: Sendable {
  /// One file.
  public struct File: Sendable, Equatable {
    /// Its path from the data set's root: `train/cat/1.jpg`.
    public let name: String
    /// Its length in bytes.
    public let size: Int
    /// The SHA-256 of its content, 64 hexadecimal digits.
    public let sha256: String
    /// What its content is.
    public let format: ImageFormat
    /// Why it cannot be decoded; nil where it can.
    public let error: SweepError?
  }

  /// The files that could be read, in the data set's order.
  public let files: [File]
  /// Every file that cannot be read or decoded.
  public let broken: [SweepError]
  private let root: String
  private let count: Int

  /// Reads every file of `splits` (of one root) once and decodes it, on up to `threads` threads.
  ///
  /// `progress` hears, from any of these threads and in no particular order, how many files are
  /// done, of how many; where it returns false the scan ends with `.interrupted`. Broken files
  /// throw nothing: they are in ``broken``.
  ///
  /// Files whose SHA-256 is among `sound` were decoded before and are not again.
  public init(
    _ splits: [ImageFolder], threads: Int, sound: Set<String> = [],
    progress: @Sendable (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) {
    let samples = splits.flatMap { folder in
      folder.samples.map { (name: $0.name, path: folder.path(of: $0)) }
    }
    let outcomes = try decodeAll(samples.count, threads: threads, progress: progress) {
      index throws(SweepError) in
      try Self.scan(samples[index].name, at: samples[index].path, sound: sound)
    }
    files = outcomes.compactMap { try? $0.get() }
    broken = outcomes.compactMap { outcome in
      switch outcome {
      case .success(let file): file.error
      case .failure(let error): error
      }
    }
    root = splits.first?.root ?? ""
    count = samples.count
  }

  /// That files are broken and how many, in one line; nil where none is.
  public var verdict: SweepError? {
    guard !broken.isEmpty else { return nil }
    return SweepError(
      .badInput, at: root,
      "\(Format.grouped(broken.count)) of \(Format.grouped(count)) images "
        + (broken.count == 1 ? "is broken" : "are broken"),
      advice: "replace or remove them")
  }

  /// The SHA-256 of ``listing``, 64 hexadecimal digits: the same wherever the data set lies,
  /// another where anything in it differs.
  ///
  /// Throws `.badInput` where files are broken: the error itself for one, their number and the
  /// first for more.
  public func fingerprint() throws(SweepError) -> String {
    if let first = broken.first {
      guard broken.count > 1 else { throw first }
      throw SweepError(
        .badInput, at: first.location,
        "\(first.message) (and \(broken.count - 1) more of \(count) images "
          + (broken.count == 2 ? "is broken)" : "are broken)"),
        advice: "`sweep data check \(root)` lists them")
    }
    return SHA256.hash(listing.utf8)
  }

  /// A line `SHA-256 bytes name` for each file, its name from the root.
  public var listing: String {
    files.reduce(into: "") { $0 += "\($1.sha256) \($1.size) \($1.name)\n" }
  }

  /// The digests in lists of files as ``listing`` gives them.
  public static func digests(in listings: [String]) -> Set<String> {
    Set(
      listings.flatMap { $0.split(separator: "\n") }.compactMap { $0.split(separator: " ").first }
        .map(String.init))
  }

  private static func scan(
    _ name: String, at path: String, sound: Set<String>
  ) throws(SweepError) -> File {
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
      name: name, size: bytes.count, sha256: digest, format: ImageFormat(of: bytes), error: problem)
  }
}
