import Common
import Foundation

/// A folder with a page and its figures: `index.html`, `figures/<id>.svg` and, on request, `.png`.
package struct PageFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var index: String { path + "/index.html" }

  /// Whether it contains a page that this program wrote.
  package var hasPage: Bool {
    guard let text = try? String(contentsOfFile: index, encoding: .utf8) else { return false }
    return text.prefix(2000).contains(Page.generator)
  }

  /// Creates the folder; throws if it cannot be written or contains another program's page.
  package func prepare() throws(SweepError) {
    guard !path.isEmpty else {
      throw SweepError(.usage, at: "--html", "the folder name is empty")
    }
    if access(index, F_OK) == 0 && !hasPage {
      throw SweepError(
        .badInput, at: index, "is a page that sweep did not write",
        advice: "move it, or choose another folder with --html")
    }
    let figures = (try? FileManager.default.contentsOfDirectory(atPath: path + "/figures")) ?? []
    if !figures.isEmpty && !hasPage {
      throw SweepError(
        .badInput, at: path + "/figures", "holds files that sweep did not write",
        advice: "choose another folder with --html")
    }
    try Folder.create(path + "/figures")
  }

  /// Writes the page, replacing an older one of this program, and the figures, each file
  /// atomically.
  ///
  /// Throws if the folder cannot be written, contains another program's page, or a picture cannot
  /// be converted.
  package func write(_ page: Page, png: Bool = false) throws(SweepError) {
    let converter = png ? try PictureConverter() : nil
    try prepare()
    // Written first, so that a folder with figures always has a page that identifies it.
    if !hasPage { try AtomicFile.write(Data(page.html.utf8), to: index) }
    for figure in page.figures {
      let file = "\(path)/figures/\(figure.id).svg"
      try AtomicFile.write(Data(figure.svg.utf8), to: file)
      try converter?.convert(file, to: "\(path)/figures/\(figure.id).png")
    }
    try AtomicFile.write(Data(page.html.utf8), to: index)
  }
}
