import Common
import Foundation

/// As much of JSON Schema (draft 2020-12) as the schemas of networks and listings use; a keyword
/// that it does not know is an error.
package struct JSONSchema {
  /// A schema that cannot be used.
  struct Mistake: Error {
    let text: String
  }

  package let root: JSONValue

  package init(contentsOf path: String) throws {
    root = try JSONParser.parse(Array(try Data(contentsOf: URL(filePath: path))), file: path)
  }

  /// Whether `value` is as the whole schema says.
  package func accepts(_ value: JSONValue) throws -> Bool { try accepts(value, root) }

  private func accepts(_ value: JSONValue, _ schema: JSONValue) throws -> Bool {
    switch schema.kind {
    case .boolean(let flag): return flag
    case .object(let rules):
      return try rules.allSatisfy { try holds($0.key, $0.value, for: value, in: schema) }
    default:
      throw Mistake(text: "\(schema.summary) is no schema")
    }
  }

  private func holds(
    _ keyword: String, _ rule: JSONValue, for value: JSONValue, in schema: JSONValue
  ) throws -> Bool {
    switch keyword {
    case "$schema", "title", "description", "default", "$defs": return true
    case "$ref": return try accepts(value, definition(rule))
    case "type":
      let types = rule.elements.isEmpty ? [rule] : rule.elements
      return types.contains { $0.string == Self.type(of: value) || isInteger($0, value) }
    case "const": return Self.equal(rule, value)
    case "enum": return rule.elements.contains { Self.equal($0, value) }
    case "anyOf": return try rule.elements.contains { try accepts(value, $0) }
    case "oneOf": return try rule.elements.count { try accepts(value, $0) } == 1
    case "required": return rule.elements.allSatisfy { value.member($0.string ?? "") != nil }
    case "properties":
      return try rule.members.allSatisfy { property in
        try value.member(property.key).map { try accepts($0.value, property.value) } ?? true
      }
    case "additionalProperties":
      if case .boolean(true) = rule.kind { return true }
      let known = schema.member("properties")?.value
      return value.members.allSatisfy { known?.member($0.key) != nil }
    case "items": return try value.elements.allSatisfy { try accepts($0, rule) }
    case "minItems": return Double(value.elements.count) >= rule.double
    case "maxItems": return Double(value.elements.count) <= rule.double
    case "minimum": return value.double >= rule.double
    case "maximum": return value.double <= rule.double
    case "exclusiveMinimum": return value.double > rule.double
    case "exclusiveMaximum": return value.double < rule.double
    case "pattern": return try value.string?.firstMatch(of: Regex(rule.string ?? "")) != nil
    default:
      throw Mistake(text: "the keyword \(keyword) is not read")
    }
  }

  private func definition(_ reference: JSONValue) throws -> JSONValue {
    var place = root
    for key in (reference.string ?? "").split(separator: "/").dropFirst() {
      guard let next = place.member(String(key))?.value else {
        throw Mistake(text: "there is no \(reference.string ?? "")")
      }
      place = next
    }
    return place
  }

  private func isInteger(_ rule: JSONValue, _ value: JSONValue) -> Bool {
    rule.string == "integer" && value.double == value.double.rounded()
  }

  private static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
    left.canonical().text == right.canonical().text
  }

  private static func type(of value: JSONValue) -> String {
    switch value.kind {
    case .null: "null"
    case .boolean: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}

extension JSONValue {
  /// The number; NaN, which is like no other, for anything else.
  fileprivate var double: Double {
    if case .number(let digits) = kind { Double(digits) ?? .nan } else { .nan }
  }

  fileprivate var string: String? {
    if case .string(let text) = kind { text } else { nil }
  }

  fileprivate var elements: [JSONValue] {
    if case .array(let elements) = kind { elements } else { [] }
  }

  /// The members of an object.
  package var members: [Member] {
    if case .object(let members) = kind { members } else { [] }
  }
}
