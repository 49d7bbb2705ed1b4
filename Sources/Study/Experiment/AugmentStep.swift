import Common

/// One augmentation of the experiment file: an operation by torchvision's name with its parameters.
public struct AugmentStep: Sendable, Equatable {
  /// The operation's name, `ColorJitter`.
  public let name: String
  /// Its parameters as canonical JSON.
  let canonical: String

  init(_ field: JSONField) throws(SweepError) {
    let members = try field.members()
    guard members.count == 1, let member = members.first else {
      throw field.error(
        "expected one operation with its parameters, found \(members.count) keys",
        advice: "write {\"RandomHorizontalFlip\": {\"p\": 0.5}}")
    }
    name = member.key
    canonical = "{\(member.key.quoted): \(member.field.value.canonical)}"
  }
}

extension JSONValue {
  /// The value with its keys sorted and its numbers as doubles.
  fileprivate var canonical: String {
    switch kind {
    case .null: "null"
    case .boolean(let flag): "\(flag)"
    case .number(let digits): Double(digits)?.description ?? digits
    case .string(let text): text.quoted
    case .array(let elements): "[\(elements.map(\.canonical).joined(separator: ", "))]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\($0.key.quoted): \($0.value.canonical)" }
        .joined(separator: ", ") + "}"
    }
  }
}
