import Common
import Foundation
import Networks
import Testing

/// The checksums are printed by Tests/reference/checksums.py.
@Suite struct ReferenceWeightsTests {
  private static let checksums = [
    ("mobilenet_v1", "2c560bf96669da57076e9931874eafcc0e441441d088dab9d897d481e4eb705d"),
    ("mobilenet_v2", "2fd0fa97bd4598ce3e17d9c485903dc4cbf04c44b66f96d02c043ff67466f04b"),
    ("c_mobilenet_v2", "c6c919f335441986176e80f8057577754ab6c343deaf390128124fbbd5b7897f"),
    ("mobilenet_v3_large", "d36a24146a8f06f9f3ef5854de4b1eb090225457ba317b51759e7319386ed1d5"),
    ("mobilenet_v3_small", "7f927e77bc4afebd63f265ade32b46795a5050466027f4ef708ee006ebb9b303"),
    ("mobilenet_v2_tf", "7419fd9687e5dba922ea3b6d0a11a6b626b7872f0b826325611ac7d791ce6f67"),
    ("mobilenet_v1_keras", "546b8f031c807c9a357c787229c5454a8daeeaef28f7aff1e7c681ec2e8e7c16"),
  ]

  @Test(arguments: checksums)
  func weightsByFormulaAreThoseThatPyTorchWasGiven(model: String, sha256: String) throws {
    var hash = SHA256()
    for spec in try Network.named(model, width: 0.35, classes: 10).parameters {
      referenceTensor(name: spec.name, shape: spec.shape).withUnsafeBytes { hash.update($0) }
    }
    #expect(hash.finish() == sha256)
  }

  @Test func imagesAndProjectionsByFormulaAreThoseThatPyTorchWasGiven() {
    let images = referenceTensor(name: "images.7", shape: [2, 3, 20, 13])
    var hash = SHA256()
    images.withUnsafeBytes { hash.update($0) }
    #expect(
      hash.finish() == "7c4702e5ab1794d71f0bfbe621507d3e47d86919ecb4dd218d04a52121c7247d")
    let expected = [
      31.92347538471222, -2.4289716482162476, -5.313816070556641, -62.24650156497955,
      -31.566359877586365, 61.006773948669434, -20.17829966545105, -6.436902165412903,
    ]
    for (projection, expected) in zip(
      referenceProjections(name: "images.7", values: images), expected)
    {
      #expect(abs(projection - expected) < 1e-9)
    }
  }
}
