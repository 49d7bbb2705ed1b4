import Common
import Testing

@testable import Images

@Suite struct AugmentationTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let operation: String
    let parameters: [String: ParameterValue]
    let line: String
    var testDescription: String { line }

    init(_ operation: String, _ parameters: [String: ParameterValue], _ line: String) {
      self.operation = operation
      self.parameters = parameters
      self.line = line
    }
  }

  static let refusals = [
    Refusal(
      "RandomHorizontalFlop", [:],
      "RandomHorizontalFlop: unknown operation; did you mean \"RandomHorizontalFlip\"?"),
    Refusal("ColorJitter", ["bright": 0.4], "ColorJitter.bright: unknown parameter; "),
    Refusal(
      "RandomAffine", ["degree": 3],
      "RandomAffine.degree: unknown parameter; did you mean \"degrees\"?"),
    Refusal(
      "RandomHorizontalFlip", ["p": 1.5],
      "RandomHorizontalFlip.p: must be a number from 0.0 to 1.0, not 1.5"),
    Refusal(
      "RandomHorizontalFlip", ["p": [0.5]],
      "RandomHorizontalFlip.p: must be a number from 0.0 to 1.0, not [0.5]"),
    Refusal(
      "ColorJitter", ["brightness": -0.1],
      "ColorJitter.brightness: must not be negative if it is a single number, not -0.1"),
    Refusal(
      "ColorJitter", ["contrast": [1.2, 0.8]],
      "ColorJitter.contrast: must have its lower bound first, not [1.2, 0.8]"),
    Refusal(
      "ColorJitter", ["saturation": [-0.5, 0.8]],
      "ColorJitter.saturation: must not be negative, not [-0.5, 0.8]"),
    Refusal(
      "ColorJitter", ["saturation": [1, 2, 3]],
      "ColorJitter.saturation: must be a list of 2 numbers, not [1, 2, 3]"),
    Refusal("ColorJitter", ["hue": 0.6], "ColorJitter.hue: must lie from -0.5 to 0.5, not 0.6"),
    Refusal(
      "ColorJitter", ["hue": [-0.6, 0]], "ColorJitter.hue: must lie from -0.5 to 0.5, not [-0.6, 0]"
    ),
    Refusal("RandomAffine", [:], "RandomAffine.degrees: must be given"),
    Refusal(
      "RandomAffine", ["degrees": -1],
      "RandomAffine.degrees: must not be negative if it is a single number, not -1"),
    Refusal(
      "RandomAffine", ["degrees": 0, "translate": 0.1],
      "RandomAffine.translate: must be a list of 2 numbers, not 0.1"),
    Refusal(
      "RandomAffine", ["degrees": 0, "translate": [0.1, 1.1]],
      "RandomAffine.translate: must lie from 0 to 1, not [0.1, 1.1]"),
    Refusal(
      "RandomAffine", ["degrees": 0, "scale": [0, 1]],
      "RandomAffine.scale: must be above 0, not [0, 1]"),
    Refusal(
      "RandomAffine", ["degrees": 0, "scale": [2, 1]],
      "RandomAffine.scale: must have its lower bound first, not [2, 1]"),
    Refusal(
      "RandomAffine", ["degrees": 0, "shear": [1, 2, 3]],
      "RandomAffine.shear: must be a list of 2 or 4 numbers, not [1, 2, 3]"),
  ]

  @Test("What torchvision refuses is refused, with the parameter's name", arguments: refusals)
  func refuses(_ refusal: Refusal) throws {
    let error = #expect(throws: SweepError.self) {
      try Augmentations.make(refusal.operation, parameters: refusal.parameters)
    }
    #expect(error?.kind == .badInput)
    #expect(error?.description.hasPrefix(refusal.line) == true, "\(error?.description ?? "")")
  }

  @Test("A number means a range, clipped at 0 for factors, symmetric for hue and angles")
  func numbersMeanRanges() throws {
    let jitter = try ColorJitter(parameters: ["brightness": 1.5, "contrast": 0.25, "hue": 0.125])
    #expect(jitter.brightness == 0...2.5)
    #expect(jitter.contrast == 0.75...1.25)
    #expect(jitter.saturation == nil)
    #expect(jitter.hue == -0.125...0.125)
    #expect(try ColorJitter(parameters: ["brightness": 0, "hue": 0]).brightness == nil)
    let affine = try RandomAffine(parameters: ["degrees": 10, "shear": [1, 2, 3, 4]])
    #expect(affine.degrees == -10...10)
    #expect(affine.translate == nil && affine.scale == nil)
    #expect(affine.shearX == 1...2 && affine.shearY == 3...4)
    #expect(try RandomHorizontalFlip(parameters: [:]).p == 0.5)
  }

  @Test("Every listed operation is found by its name and takes the parameters it lists")
  func catalog() throws {
    #expect(Augmentations.names == ["RandomHorizontalFlip", "ColorJitter", "RandomAffine"])
    for type in Augmentations.all {
      #expect(Augmentations.parameterNames(of: type.name) == type.parameterNames)
    }
    #expect(Augmentations.parameterNames(of: "Flip") == nil)
    let all: [String: [String: ParameterValue]] = [
      "RandomHorizontalFlip": ["p": 0],
      "ColorJitter": ["brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1],
      "RandomAffine": [
        "degrees": [30, 70], "translate": [0.1, 0.3], "scale": [0.5, 0.75], "shear": 5,
      ],
    ]
    for (name, parameters) in all {
      let augmentation = try Augmentations.make(name, parameters: parameters)
      #expect(type(of: augmentation).name == name)
      #expect(Set(parameters.keys) == Set(type(of: augmentation).parameterNames))
    }
  }

  @Test("A flip comes with its probability, and never or always at 0 or 1")
  func flipProbability() throws {
    for (p, range) in [(0.0, 0...0), (0.3, 250...350), (1.0, 1000...1000)] {
      let flip = try RandomHorizontalFlip(parameters: ["p": .number(p)])
      let flips = (0..<1000).count { sample in
        var random = Self.random(sample: sample)
        return !flip.draw(width: 4, height: 4, from: &random).isEmpty
      }
      #expect(range.contains(flips))
    }
  }

  @Test("Color factors cover their ranges, in every order")
  func colorDraws() throws {
    let jitter = try ColorJitter(
      parameters: ["brightness": 0.4, "contrast": [0.9, 1.3], "saturation": 0.4, "hue": 0.1])
    var orders: [String: Int] = [:]
    var factors: [String: [Double]] = [:]
    for sample in 0..<2400 {
      var random = Self.random(sample: sample)
      var order = ""
      for operation in jitter.draw(width: 9, height: 9, from: &random) {
        let (name, factor): (String, Double) =
          switch operation {
          case let operation as AdjustBrightness: ("b", operation.factor)
          case let operation as AdjustContrast: ("c", operation.factor)
          case let operation as AdjustSaturation: ("s", operation.factor)
          case let operation as AdjustHue: ("h", operation.factor)
          default: ("?", 0)
          }
        order += name
        factors[name, default: []].append(factor)
      }
      orders[order, default: 0] += 1
    }
    #expect(orders.count == 24)
    #expect(orders.values.allSatisfy { (60...140).contains($0) })
    for (name, range) in ["b": 0.6...1.4, "c": 0.9...1.3, "s": 0.6...1.4, "h": -0.1...0.1] {
      let drawn = try #require(factors[name])
      let width = range.upperBound - range.lowerBound
      #expect(drawn.count == 2400)
      #expect(drawn.allSatisfy { range.contains($0) })
      #expect(drawn.contains { $0 < range.lowerBound + 0.01 * width })
      #expect(drawn.contains { $0 > range.upperBound - 0.01 * width })
    }
  }

  @Test("Affine draws cover their ranges, translations in whole pixels of the picture's own size")
  func affineDraws() throws {
    let affine = try RandomAffine(
      parameters: ["degrees": [30, 70], "translate": [0.1, 0.3], "scale": [0.5, 0.75]])
    let drawn = try (0..<2000).map { sample in
      var random = Self.random(sample: sample)
      let operations = affine.draw(width: 120, height: 50, from: &random)
      return try #require(operations.first as? Affine)
    }
    #expect(drawn.allSatisfy { (30...70).contains($0.angle) && (0.5...0.75).contains($0.scale) })
    #expect(drawn.allSatisfy { $0.shear == .zero })
    #expect(Set(drawn.map(\.translation.x)) == Set(-12...12))
    #expect(Set(drawn.map(\.translation.y)) == Set(-15...15))
    #expect(drawn.contains { $0.angle < 31 } && drawn.contains { $0.angle > 69 })
  }

  static func random(sample: Int) -> CounterRandom {
    CounterRandom(seed: 7, purpose: .augmentation, epoch: 1, sample: UInt32(sample))
  }
}
