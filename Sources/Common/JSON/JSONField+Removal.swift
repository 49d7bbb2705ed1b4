extension JSONField {
  /// The same value without the member or element at `path`; nil if there is none.
  ///
  /// Other paths do not change.
  package func removing(_ path: String) -> JSONField? { replacingValue(without(path)) }

  /// The same object with a first member `key` parsed from `json`.
  package func adding(_ key: String, _ json: String) -> JSONField? {
    guard case .object(let members) = value.kind,
      let new = try? JSONParser.parse(Array(json.utf8), file: file)
    else { return nil }
    let member = JSONValue.Member(key: key, keyOffset: value.offset, value: new)
    return replacingValue(JSONValue(kind: .object([member] + members), offset: value.offset))
  }

  private func replacingValue(_ value: JSONValue?) -> JSONField? {
    value.map { JSONField(source: source, row: row, path: path, value: $0) }
  }

  private func without(_ path: String) -> JSONValue? {
    switch value.kind {
    case .object(var members):
      for (index, member) in members.enumerated() {
        let field = child(member)
        if field.path == path {
          members.remove(at: index)
        } else if let value = field.without(path) {
          members[index] = .init(key: member.key, keyOffset: member.keyOffset, value: value)
        } else {
          continue
        }
        return JSONValue(kind: .object(members), offset: value.offset, index: value.index)
      }
    case .array(var elements):
      for index in elements.indices { elements[index].index = elements[index].index ?? index }
      for (index, element) in elements.enumerated() {
        let place = "\(self.path)[\(element.index ?? index)]"
        if place == path {
          elements.remove(at: index)
        } else if let value = JSONField(source: source, row: row, path: place, value: element)
          .without(path)
        {
          elements[index] = value
        } else {
          continue
        }
        return JSONValue(kind: .array(elements), offset: value.offset, index: value.index)
      }
    default: break
    }
    return nil
  }
}
