import Common

/// A statement about two models that is tested against an experiment's results.
///
/// Claims are not part of the recipe.
package struct Claim: Sendable, Equatable {
  /// What the claim says about the first model compared with the second.
  package enum Kind: String, Sendable, CaseIterable {
    /// Fewer parameters and FLOPs at equal width and resolution.
    case lighter
    /// Higher validation accuracy at equal width, resolution and seed.
    case moreAccurate = "more_accurate"
    /// Higher validation accuracy along the Pareto fronts over FLOPs.
    case moreAccurateAtEqualFLOPs = "more_accurate_at_equal_flops"
    /// Higher validation accuracy along the Pareto fronts over parameters.
    case moreAccurateAtEqualParameters = "more_accurate_at_equal_parameters"
  }

  package let kind: Kind
  package let model, than: String
  /// The claim in words; generated from the kind and the models if the experiment has none.
  package let statement: String

  package init(_ kind: Kind, _ model: String, than: String, statement: String? = nil) {
    self.kind = kind
    self.model = model
    self.than = than
    let words =
      switch kind {
      case .lighter: "is lighter than \(than)"
      case .moreAccurate: "is more accurate than \(than) at equal width and resolution"
      case .moreAccurateAtEqualFLOPs: "is more accurate than \(than) at equal FLOPs"
      case .moreAccurateAtEqualParameters: "is more accurate than \(than) at equal parameters"
      }
    self.statement = statement ?? "\(model) \(words)"
  }

  /// The keys of a claim in an experiment file and in the store.
  static let keys = ["kind", "model", "than", "statement"]

  /// Reads a claim; `model` reads a model's name.
  ///
  /// Throws `.badInput` with the JSON path if the claim is invalid.
  package init(
    _ field: JSONField, model: (JSONField) throws(SweepError) -> String
  ) throws(SweepError) {
    let fields = try field.object(keys: Self.keys)
    func required(_ key: String) throws(SweepError) -> JSONField {
      guard let field = fields[key] else {
        throw field.missing(key, advice: "a claim needs kind, model and than")
      }
      return field
    }
    let kinds = Kind.allCases.map(\.rawValue)
    let name = try required("kind").name(of: "kind of claim", among: kinds)
    let (first, second) = (try model(required("model")), try model(required("than")))
    guard let kind = Kind(rawValue: name), first != second else {
      throw try required("than").error(
        "the claim compares \(second.quoted) with itself", advice: "name two models")
    }
    self.init(kind, first, than: second, statement: try fields["statement"]?.string())
  }

  var json: JSON {
    [
      "kind": .string(kind.rawValue), "model": .string(model), "than": .string(than),
      "statement": .string(statement),
    ]
  }

  /// Reads stored claims; unknown kinds are skipped.
  static func stored(_ text: String, in path: String) throws(SweepError) -> [Claim] {
    let list = try JSONField(parsing: Array(text.utf8), file: path).elements()
    return list.compactMap { field in
      try? Claim(field) { name throws(SweepError) in try name.string() }
    }
  }
}
