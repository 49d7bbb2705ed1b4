import Common

extension Image {
  /// Reads and decodes the file at `path`, whose bytes must have the SHA-256 `sha256`.
  ///
  /// Throws as `init(contentsOf:)` does, and where the file has changed.
  package init(contentsOf path: String, sha256: String) throws(SweepError) {
    let bytes = try FileContents.read(path)
    guard SHA256.hash(bytes) == sha256 else {
      throw SweepError(
        .badInput, at: path, "the image has changed since the run began",
        advice: "put it back and run the command again")
    }
    try self.init(decoding: bytes, path: path)
  }
}
