import Common
import Foundation
import Results
import Testing

@testable import Reporting

@Suite struct PageTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func evidence(_ study: PlausibleStudy) throws -> Evidence {
    try study.fill(scratch.store)
    return try Evidence(of: study.name, in: scratch.store)
  }

  private static let small = PlausibleStudy(widths: [1, 0.5], resolutions: [96], images: 50)

  @Test func aPageNeedsNothingElse() throws {
    let html = Page(try evidence(Self.small)).html
    for reference in ["src=", "@import", "url(", "<link", "http:", "https:"] {
      #expect(!html.contains(reference), "\(reference)")
    }
    #expect(html.contains("default-src 'none'"))
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
  }

  @Test func textOfExperimentsIsOnlyText() throws {
    var study = Self.small
    study.name = "</title><script>alert('1')</script>\"&\u{1}"
    let html = Page(try evidence(study)).html
    #expect(!html.contains("<script>alert"))
    #expect(!html.contains("\u{1}"))
    #expect(
      html.contains("&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;"))
    #expect(html.components(separatedBy: "<script>").count == 2)
    #expect(html.contains("A processor &lt;of&gt; 3 GHz"))
  }

  @Test func theTableHasEveryCellWithItsFigures() throws {
    let html = Page(try evidence(Self.small)).html
    let body = try #require(html.components(separatedBy: "id=\"results\"").last)
    let rows = try scratch.store.results(of: "animals10")
    #expect(body.components(separatedBy: "<tr>").count == 2 + rows.count)
    for row in rows {
      #expect(body.contains("<td data-key=\"\(row.valAccuracy ?? -1)\">"))
      #expect(
        body.contains(
          "<td data-key=\"\(Double(row.cell.params))\">\(Format.grouped(row.cell.params))</td>"))
    }
  }

  @Test func everyFigureIsOnThePageWithItsQuery() throws {
    let page = Page(try evidence(Self.small))
    #expect(page.figures.count > 8)
    for figure in page.figures {
      #expect(page.html.contains("<figure id=\"\(figure.id)\">"))
      #expect(page.html.contains("data-query=\"\(Markup.escaped(figure.query))\""))
    }
  }

  @Test(arguments: [
    (Page.Refresh.never, "<body>"), (.reload(seconds: 10), "<body data-reload=\"10\">"),
    (.events(path: "/events"), "<body data-events=\"/events\">"),
  ])
  func aPageIsRefreshedAsItIsTold(refresh: Page.Refresh, body: String) throws {
    #expect(Page(try evidence(Self.small), refresh: refresh).html.contains("\n\(body)\n"))
  }

  @Test func anExperimentWithoutCellsHasAPage() throws {
    try scratch.store.register(
      ExperimentDescription(name: "empty", file: "{}", folder: "empty", cells: []))
    let page = Page(try Evidence(of: nil, in: scratch.store))
    #expect(page.figures.isEmpty && !page.html.contains("id=\"claims\""))
  }

  @Test func aFolderHasThePageAndItsPictures() throws {
    let page = Page(try evidence(Self.small))
    let folder = PageFolder(scratch.folder + "/deep/page")
    #expect(!folder.hasPage)
    try folder.write(page)
    try folder.write(page)
    #expect(folder.hasPage)
    #expect(try String(contentsOfFile: folder.index, encoding: .utf8) == page.html)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/figures")
    #expect(files.sorted() == page.figures.map { $0.id + ".svg" }.sorted())
  }

  @Test func aPageOfSomebodyElseIsKept() throws {
    let page = Page(try evidence(Self.small))
    let folder = PageFolder(scratch.folder)
    try "<html>mine</html>".write(toFile: folder.index, atomically: true, encoding: .utf8)
    let error = failure { try folder.write(page) }
    #expect(error?.kind == .badInput && error?.location == folder.index)
    #expect(try String(contentsOfFile: folder.index, encoding: .utf8) == "<html>mine</html>")
  }

  @Test func figuresOfSomebodyElseAreKept() throws {
    let page = Page(try evidence(Self.small))
    let folder = PageFolder(scratch.folder)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/figures", withIntermediateDirectories: true)
    let file = folder.path + "/figures/\(page.figures[0].id).svg"
    try "mine".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(failure { try folder.write(page) }?.kind == .badInput)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
  }

  @Test func anEmptyFolderNameIsRefused() throws {
    #expect(failure { try PageFolder("").prepare() }?.kind == .usage)
  }

  @Test func aMissingConverterIsNamedWithItsPackage() throws {
    let error = failure { _ = try PictureConverter(environment: ["PATH": scratch.folder]) }
    #expect(error?.kind == .usage)
    #expect(error?.advice.contains("librsvg2-bin") == true)
  }
}
