import Common
import DataSets
import Images

extension DataSetCheck {
  /// The members that `data check`, `check` and `init` share.
  package var members: [JSON.Member] {
    func pairs(_ found: [(first: String, second: String)]) -> JSON {
      .array(found.map { ["first": .string($0.first), "second": .string($0.second)] })
    }
    let counts = splits.map { folder in
      Dictionary(folder.samples.map { (folder.classes[Int($0.label)], 1) }, uniquingKeysWith: +)
    }
    let classes = Set(splits.flatMap(\.classes)).sorted(by: codePointOrder)
    return [
      .init("root", .string(splits[0].root)),
      .init("images", images(splits.map(\.samples.count))),
      .init(
        "classes",
        .array(
          classes.map { name in
            ["class": .string(name), "images": images(counts.map { $0[name] ?? 0 })]
          })),
      .init("different_classes", .string(difference?.message)),
      .init(
        "broken",
        .array(
          scan.broken.map { ["image": .string($0.location), "reason": .string($0.message)] })),
      .init("wrong_extension", .array(misnamed.map { .string($0.name) })),
      .init("in_several_splits", pairs(scan.acrossSplits)),
      .init("in_several_classes", pairs(scan.acrossClasses)),
      .init("excluded", .array(splits.flatMap(\.excluded).map(JSON.string))),
      .init("not_used", .array(unused.lines.map(JSON.string))),
      .init("fingerprint", .string(try? scan.fingerprint())),
    ]
  }

  /// Numbers by split.
  private func images(_ counts: [Int]) -> JSON {
    .object(zip(splits, counts).map { .init($0.split, .integer($1)) })
  }

  package var json: JSON { .listing("data check", members) }
}
