import Common
import Results
import Testing

@testable import Study

@Suite struct ClaimTests {
  private func experiment(_ claims: String) throws -> Experiment {
    try Experiment(
      bytes: Array(
        """
        {
          "name": "a", "dataset": {"root": "data"}, "epochs": 1,
          "grid": {"model": {"V1": "mobilenet_v1", "V2": "mobilenet_v2"}, "width": [1.0], "resolution": [32]},
          "claims": \(claims)
        }
        """.utf8), file: "a.json")
  }

  @Test("A claim names two models by value or display name, and may say it in words")
  func read() throws {
    let claims = try experiment(
      """
      [{"kind": "lighter", "model": "mobilenet_v2", "than": "V1"},
       {"kind": "more_accurate_at_equal_flops", "model": "V1", "than": "V2", "statement": "So it is"}]
      """
    ).claims
    #expect(
      claims == [
        Claim(.lighter, "mobilenet_v2", than: "mobilenet_v1"),
        Claim(
          .moreAccurateAtEqualFLOPs, "mobilenet_v1", than: "mobilenet_v2", statement: "So it is"),
      ])
    #expect(claims[0].statement == "mobilenet_v2 is lighter than mobilenet_v1")
  }

  @Test("Claims are no part of the recipe")
  func recipe() throws {
    let claim = #"[{"kind": "lighter", "model": "V2", "than": "V1"}]"#
    let (with, without) = (try experiment(claim), try experiment("[]"))
    #expect(with.cells.map(with.recipe) == without.cells.map(without.recipe))
  }

  @Test(
    "A mistake is named with its place",
    arguments: [
      (
        #"[{"kind": "lighter", "model": "mobilenet_v3", "than": "V1"}]"#,
        #"$.claims[0].model: the grid has no model "mobilenet_v3"; did you mean "mobilenet_v1"?"#
      ),
      (
        #"[{"kind": "lighter", "model": "V1", "than": "mobilenet_v1"}]"#,
        #"$.claims[0].than: the claim compares "mobilenet_v1" with itself; name two models"#
      ),
      (
        #"[{"kind": "lighter", "model": "V1"}]"#,
        #"$.claims[0]: the key "than" is missing; a claim needs kind, model and than"#
      ),
      (
        #"[{"kind": "heavier", "model": "V1", "than": "V2"}]"#,
        #"$.claims[0].kind: unknown kind of claim "heavier"; valid: lighter, more_accurate, more_accurate_at_equal_flops, more_accurate_at_equal_parameters"#
      ),
      (#"{"kind": "lighter"}"#, "$.claims: expected a list, found an object"),
    ])
  func mistakes(claims: String, message: String) throws {
    let error = #expect(throws: SweepError.self) { try experiment(claims) }
    #expect(error?.description == "a.json:4: \(message)")
  }
}
