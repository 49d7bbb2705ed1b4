import Common
import Images

/// A data set's files and folders that are ignored because of their names.
package struct UnusedFiles: Sendable {
  /// One line per file: its path from the root, and its format if it is an image.
  package let lines: [String]
  private let root: String
  private let images: [String]

  /// Reads the first bytes of every unused file in `splits`.
  package init(_ splits: [ImageFolder]) {
    root = splits.first?.root ?? ""
    var lines: [String] = []
    var images: [String] = []
    for folder in splits {
      for name in folder.skipped {
        let head = try? FileContents.read("\(folder.root)/\(name)", limit: 32)
        if let kind = head.flatMap({ ImageFormat(of: $0).summary }), kind.hasSuffix("image") {
          lines.append("\(name) holds \(kind)")
          images.append(name)
        } else {
          lines.append(name)
        }
      }
    }
    self.lines = lines
    self.images = images
  }

  /// The number of unused files and the first images among them, in one line; nil if there are
  /// none.
  package var remark: String? {
    guard !lines.isEmpty else { return nil }
    let shown = images.prefix(3).joined(separator: ", ") + (images.count > 3 ? ", …" : "")
    let found =
      images.isEmpty ? "" : ", \(images.count) of them images without a known extension (\(shown))"
    return "\(root): \(Format.count(lines.count, "file")) not used"
      + "\(found); `sweep data check` lists them"
  }
}
