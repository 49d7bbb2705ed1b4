import Common
import Foundation

/// A folder with a page and its figures: `index.html`, `figures/<id>.svg` and, on request, `.png`.
package struct PageFolder: Sendable {
  package let path: String

  /// The folder at `path`; it is not created yet.
  package init(_ path: String) { self.path = path }

  package var index: String { path + "/index.html" }

  /// Whether it holds a page that this program wrote.
  package var hasPage: Bool {
    guard let text = try? String(contentsOfFile: index, encoding: .utf8) else { return false }
    return text.prefix(2000).contains(Page.generator)
  }

  /// Creates the folder; throws where it cannot be written or holds another program's page.
  package func prepare() throws(SweepError) {
    guard !path.isEmpty else {
      throw SweepError(.usage, at: "--html", "the folder's name is empty")
    }
    if access(index, F_OK) == 0 && !hasPage {
      throw SweepError(
        .badInput, at: index, "is a page that sweep did not write",
        advice: "move it away, or name another folder with --html")
    }
    let figures = (try? FileManager.default.contentsOfDirectory(atPath: path + "/figures")) ?? []
    if !figures.isEmpty && !hasPage {
      throw SweepError(
        .badInput, at: path + "/figures", "holds files that sweep did not write",
        advice: "name another folder with --html")
    }
    try Folder.create(path + "/figures")
  }

  /// Writes the page, which may replace an older one of this program, and the figures; each file
  /// atomically.
  ///
  /// Throws where the folder cannot be written, holds another program's page, or a picture cannot be
  /// converted.
  package func write(_ page: Page, png: Bool = false) throws(SweepError) {
    let converter = png ? try PictureConverter() : nil
    try prepare()
    // First, so that a folder with figures always has the page that says whose they are.
    if !hasPage { try AtomicFile.write(Data(page.html.utf8), to: index) }
    for figure in page.figures {
      let file = "\(path)/figures/\(figure.id).svg"
      try AtomicFile.write(Data(figure.svg.utf8), to: file)
      try converter?.convert(file, to: "\(path)/figures/\(figure.id).png")
    }
    try AtomicFile.write(Data(page.html.utf8), to: index)
  }
}
