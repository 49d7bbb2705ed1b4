import Foundation
import Testing

/// Holds the arrows of docs/architecture.md against the imports of the sources.
@Suite struct ImportArrowsTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The document's arrows: lines such as `Study <- Common, Engine`, in the document's order.
  private static func documentedArrows() throws -> [(target: String, imports: Set<String>)] {
    let text = try String(
      contentsOf: root.appending(path: "docs/architecture.md"), encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      let sides = line.split(separator: "<-", omittingEmptySubsequences: false)
      guard sides.count == 2 else { return nil }
      let imports = sides[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      return (
        sides[0].trimmingCharacters(in: .whitespaces), Set(imports).subtracting(["nothing"])
      )
    }
  }

  /// The targets of this package that each target's sources import.
  private static func realArrows() throws -> [String: Set<String>] {
    let sources = root.appending(path: "Sources")
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    // Kernels16 and CPUEngine16 are links: the same sources again.
    let targets = Set(folders.filter { !$0.hasPrefix(".") && !$0.hasSuffix("16") })
    var arrows: [String: Set<String>] = [:]
    for target in targets {
      let folder = sources.appending(path: target)
      let files = FileManager.default.enumerator(atPath: folder.path)
      while let file = files?.nextObject() as? String {
        guard file.hasSuffix(".swift") else { continue }
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        for match in text.matches(of: /(?m)^ *(?:[@\w]+ )*import (?:\w+ )?(\w+)(?:\.\w+)?$/) {
          let module = String(match.1)
          if targets.contains(module) { arrows[target, default: []].insert(module) }
        }
      }
    }
    return arrows
  }

  @Test("docs/architecture.md draws exactly the imports that the sources have")
  func arrows() throws {
    let documented = try Self.documentedArrows()
    let real = try Self.realArrows()
    #expect(documented.count > 10)
    for (target, imports) in documented {
      #expect(real[target] ?? [] == imports, "\(target)")
    }
    #expect(Set(real.keys).subtracting(documented.map(\.target)).isEmpty)
  }

  @Test("Each target imports only targets that the document lists above it")
  func order() throws {
    var above: Set<String> = []
    for (target, imports) in try Self.documentedArrows() {
      #expect(imports.isSubset(of: above), "\(target)")
      above.insert(target)
    }
  }

  @Test("No two source files have the same name, and none has more than 300 lines")
  func files() throws {
    var places: [String: [String]] = [:]
    let files = FileManager.default.enumerator(atPath: Self.root.appending(path: "Sources").path)
    while let file = files?.nextObject() as? String {
      guard file.hasSuffix(".swift") || file.hasSuffix(".c") else { continue }
      places[file.split(separator: "/").last.map(String.init) ?? "", default: []].append(file)
      let text = try String(
        contentsOf: Self.root.appending(path: "Sources/\(file)"), encoding: .utf8)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 301, "\(file)")
    }
    #expect(places.count > 100)
    #expect(places.filter { $0.value.count > 1 }.isEmpty)
  }
}
