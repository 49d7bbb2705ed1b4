import Common
import Foundation

/// A folder with a page and its figures: `index.html`, `figures/<id>.svg` and, where wanted,
/// `.png`.
public struct PageFolder: Sendable {
  /// The folder.
  public let path: String

  /// The folder at `path`; nothing is made yet.
  public init(_ path: String) {
    self.path = path
  }

  /// Where the page lies.
  public var index: String { path + "/index.html" }

  /// Whether there is a page of ours.
  public var hasPage: Bool {
    guard let text = try? String(contentsOfFile: index, encoding: .utf8) else { return false }
    return text.prefix(2000).contains(Page.generator)
  }

  /// Makes the folder; throws where it cannot be written or holds a page of somebody else.
  public func prepare() throws(SweepError) {
    if access(index, F_OK) == 0 && !hasPage {
      throw SweepError(
        .badInput, at: index, "is a page that sweep did not write",
        advice: "move it away, or name another folder with --html")
    }
    try Folder.create(path + "/figures")
  }

  /// Writes the page over an older one of ours, and the figures; each file whole or not at all.
  ///
  /// Throws where the folder cannot be written, holds a page of somebody else, or a picture cannot
  /// be converted.
  public func write(_ page: Page, png: Bool = false) throws(SweepError) {
    let converter = png ? try PictureConverter() : nil
    try prepare()
    for figure in page.figures {
      let file = "\(path)/figures/\(figure.id).svg"
      try AtomicFile.write(Data(figure.svg.utf8), to: file)
      try converter?.convert(file, to: "\(path)/figures/\(figure.id).png")
    }
    try AtomicFile.write(Data(page.html.utf8), to: index)
  }
}
