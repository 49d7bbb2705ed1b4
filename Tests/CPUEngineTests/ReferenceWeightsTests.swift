import Common
import Foundation
import Networks
import Testing

/// The checksums are printed by Tests/reference/checksums.py.
@Suite struct ReferenceWeightsTests {
  private static let checksums = [
    ("mobilenet_v1", 0.35, "2c560bf96669da57076e9931874eafcc0e441441d088dab9d897d481e4eb705d"),
    ("mobilenet_v1", 1.0, "3a4e3fb8d6f712001852fca051b878bdf2c497112ca41b3a0f89f6ca65f46da1"),
    ("mobilenet_v2", 0.35, "2fd0fa97bd4598ce3e17d9c485903dc4cbf04c44b66f96d02c043ff67466f04b"),
    ("mobilenet_v2", 1.0, "4b62d7e30bfa2d77369fc37588cb5a9920d5981314619e1bdd5e536c467ad6ed"),
    ("c_mobilenet_v2", 0.35, "c6c919f335441986176e80f8057577754ab6c343deaf390128124fbbd5b7897f"),
    ("c_mobilenet_v2", 1.0, "dc83c36e36810a9011548f5865ed7fca939a232a95e28e54a7938878b3d2cf3d"),
    (
      "mobilenet_v3_large", 0.35,
      "d36a24146a8f06f9f3ef5854de4b1eb090225457ba317b51759e7319386ed1d5"
    ),
    ("mobilenet_v3_large", 1.0, "eb6bbd78e63196681860ce95aed634e6092933af301f0bc8f5c1e8d01ed537aa"),
    (
      "mobilenet_v3_small", 0.35,
      "7f927e77bc4afebd63f265ade32b46795a5050466027f4ef708ee006ebb9b303"
    ),
    ("mobilenet_v3_small", 1.0, "c15d72c090bcb5cdd84bfde4a1f2b8c88204f9a29e13b5a54c6e55824c146521"),
    ("mobilenet_v2_tf", 0.35, "7419fd9687e5dba922ea3b6d0a11a6b626b7872f0b826325611ac7d791ce6f67"),
    ("mobilenet_v2_tf", 1.0, "f5787ca07d93db9104eba29d2aa9ea146667911c80bd18abeb19b6d27f477535"),
    (
      "mobilenet_v1_keras", 0.35,
      "546b8f031c807c9a357c787229c5454a8daeeaef28f7aff1e7c681ec2e8e7c16"
    ),
    ("mobilenet_v1_keras", 1.0, "5d4477a1fb68f0309352951eda71c69f52d585c42b1e3833ac9b053b7359ffad"),
  ]

  @Test(arguments: checksums)
  func weightsByFormulaAreThoseThatPyTorchWasGiven(
    model: String, width: Double, sha256: String
  ) throws {
    var hash = SHA256()
    for spec in try Network.named(model, width: width, classes: 10).parameters {
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
      -47.773805260658264, 60.37696945667267, -33.43768548965454, 49.09676921367645,
      27.893803358078003, 36.41032314300537, 33.00968790054321, 36.99574410915375,
      -16.748281359672546, 0.7616935968399048, -27.627379894256592, -83.23875904083252,
      20.612491250038147, 3.1139861345291138, 58.13729727268219, -58.59998083114624,
      49.5601646900177, -8.513252258300781, 1.7693662643432617, -26.434194684028625,
      102.21329736709595, 166.95648574829102, 49.35411989688873, -38.60665762424469,
    ]
    let projections = referenceProjections(name: "images.7", values: images)
    #expect(projections.count == expected.count)
    for (projection, expected) in zip(projections, expected) {
      #expect(abs(projection - expected) < 1e-9)
    }
  }
}
