import Common

/// The images of a data set to leave out, as paths from its root: `train/cat/1.jpg`.
///
/// A file has one path per line; empty lines and lines that start with `#` are ignored. Paths are
/// compared as bytes.
package struct ExclusionList: Sendable, Equatable {
  package let names: [String]

  package init(_ names: [String]) { self.names = names }

  /// Reads the file at `path`.
  package init(contentsOf path: String) throws(SweepError) {
    let lines = try InputFile.bytes(at: path, what: "list of excluded images").split {
      $0 == UInt8(ascii: "\n") || $0 == 13
    }
    names = lines.filter { $0.first != UInt8(ascii: "#") }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// The samples that the list does not name.
  func rest(of samples: [ImageFolder.Sample]) -> [ImageFolder.Sample] {
    guard !names.isEmpty else { return samples }
    let listed = Set(names.map { Array($0.utf8) })
    return samples.filter { !listed.contains(Array($0.name.utf8)) }
  }

  /// The names that are in none of `folders`, listed without exclusions.
  func unused(in folders: [ImageFolder]) -> [String] {
    let known = Set(folders.flatMap(\.excluded).map { Array($0.utf8) })
    return names.filter { !known.contains(Array($0.utf8)) }
  }
}
