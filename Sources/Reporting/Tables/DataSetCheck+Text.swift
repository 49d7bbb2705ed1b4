import Common
import DataSets
import Images

extension DataSetCheck {
  /// A table of counts, then the findings of each kind under a heading.
  package var text: String {
    var table = TextTable(
      [("class", .left)] + splits.map { ($0.split, .right) } + [("total", .right)])
    let counts = splits.map { folder in
      Dictionary(folder.samples.map { (folder.classes[Int($0.label)], 1) }, uniquingKeysWith: +)
    }
    func add(_ name: String, _ numbers: [Int]) {
      table.add([name] + (numbers + [numbers.reduce(0, +)]).map(Format.grouped))
    }
    for name in Set(splits.flatMap(\.classes)).sorted(by: codePointOrder) {
      add(name, counts.map { $0[name] ?? 0 })
    }
    table.addRule()
    add("all", splits.map(\.samples.count))

    var text = table.text
    func list(_ heading: String, _ lines: [String]) {
      guard !lines.isEmpty else { return }
      text += "\n\(heading): \(Format.grouped(lines.count))\n"
      text += lines.map { "  \($0)\n" }.joined()
    }
    list("different classes", difference.map { [$0.message] } ?? [])
    list("broken", scan.broken.map { "\($0.location): \($0.message)" })
    list(
      "wrong extension", misnamed.map { "\($0.name) holds \($0.format.summary ?? "")" })
    list("in several splits", scan.acrossSplits.map { "\($0.first) = \($0.second)" })
    list("in several classes", scan.acrossClasses.map { "\($0.first) = \($0.second)" })
    list("not used", unused.lines)
    list("excluded", splits.flatMap(\.excluded))
    if let fingerprint = try? scan.fingerprint() { text += "\nfingerprint: \(fingerprint)\n" }
    return text
  }

  /// The list of files to leave out, each below its reason.
  package var listText: String {
    "# Images to leave out, as paths from the data set's folder.\n"
      + exclusions.map { "# \($0.reason)\n\($0.name)\n" }.joined()
  }
}
