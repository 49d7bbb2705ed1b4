import Common
import Networks

/// A network of the user's own as a value of the axis `model`: `{"file": "my_net.json"}`, or its
/// table in place, `{"table": {…}}`.
extension JSONField {
  private static let keys = ["file", "table"]

  /// Whether this is such a network rather than an object of display names.
  var isNetwork: Bool {
    guard case .object(let members) = value.kind,
      members.allSatisfy({ Self.keys.contains($0.key) })
    else { return false }
    if value.member("table")?.value.member("stages") != nil { return true }
    guard case .string = value.member("file")?.value.kind else { return false }
    return true
  }

  /// The network; nil where this is no object.
  ///
  /// A file's path is relative to the file that this stands in; where the table is there too, the
  /// file is not opened.
  func ownNetwork() throws(SweepError) -> Architecture? {
    guard case .object = value.kind else { return nil }
    let fields = try object(keys: Self.keys)
    let path = try fields["file"]?.string()
    if let table = fields["table"] { return try Architecture(own: table) }
    guard let path else {
      throw missing("file", advice: "write {\"file\": \"my_net.json\"}")
    }
    return try Architecture(contentsOf: InputFile.path(path, besides: file))
  }

  /// Where the table of a network that a file describes would stand in the text, in bytes; nil
  /// where the table is there.
  var placeForTable: Int? { value.member("table") == nil ? value.offset + 1 : nil }
}

extension Axis.Entry {
  /// The network at any width, where the axis is `model`.
  func network() throws(SweepError) -> Architecture {
    if let architecture { return architecture }
    return try Architecture.named(value.description)
  }
}
