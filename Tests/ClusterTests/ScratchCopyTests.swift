import Common
import Foundation
import Study
import Testing

@testable import Cluster

@Suite struct ScratchCopyTests {
  private func copy(_ site: Site, images: String? = nil) -> ScratchCopy {
    let list = ["train/a/1.png": "one", "val/a/b c.png": "two"].map { name, text in
      "\(SHA256.hash(text.utf8)) 3 \(name)\n"
    }.joined()
    return ScratchCopy(
      images: images ?? list, fingerprint: "0123456789abcdef99", source: site.path + "/data",
      folder: site.path + "/node", interrupt: Interrupt())
  }

  private func site() throws -> Site {
    let site = try Site()
    try site.write("one", to: "data/train/a/1.png")
    try site.write("two", to: "data/val/a/b c.png")
    return site
  }

  @Test("The images are copied once; who comes later uses the copy")
  func once() throws {
    let site = try site()
    var notes: [String] = []
    for _ in 1...2 {
      let root = try copy(site).prepare { notes.append($0) }
      #expect(root == site.path + "/node/sweep-0123456789abcdef")
      #expect(try String(contentsOfFile: root + "/val/a/b c.png", encoding: .utf8) == "two")
    }
    #expect(notes.count == 1)
  }

  @Test("An image that has changed since is not copied, and no half copy stays")
  func changed() throws {
    let site = try site()
    try site.write("new", to: "data/val/a/b c.png")
    let error = #expect(throws: SweepError.self) { try copy(site).prepare { _ in } }
    #expect(error?.location.hasSuffix("data/val/a/b c.png") == true)
    let left = try FileManager.default.contentsOfDirectory(atPath: site.path + "/node")
    #expect(left == ["sweep-0123456789abcdef.lock"])
  }

  @Test("Where there is no room, nothing is copied")
  func noRoom() throws {
    let site = try site()
    let error = #expect(throws: SweepError.self) {
      try copy(site, images: "00 999999999999999999 train/a/1.png\n").prepare { _ in }
    }
    #expect(error?.message.contains("no room") == true)
  }

  @Test("A name that leads out of the folder is refused")
  func outside() throws {
    let site = try site()
    let line = "\(SHA256.hash("one".utf8)) 3 ../node/escaped.png\n"
    #expect(throws: SweepError.self) { try copy(site, images: line).prepare { _ in } }
    #expect(!FileManager.default.fileExists(atPath: site.path + "/node/escaped.png"))
  }

  @Test(
    "Variables are the node's",
    arguments: [
      ("$TMPDIR/images", "/scratch/7/images"), ("/local/${USER}/x", "/local/ann/x"),
      ("/plain", "/plain"),
    ])
  func variables(path: String, expanded: String) {
    #expect(ScratchCopy.expand(path, ["TMPDIR": "/scratch/7", "USER": "ann"]) == expanded)
  }
}
