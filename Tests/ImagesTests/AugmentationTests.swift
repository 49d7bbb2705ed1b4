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
    Refusal(
      "RandomResizedCrop", ["scale": [0.5, 1.5]],
      "RandomResizedCrop.scale: must lie from 0.0 to 1.0, not [0.5, 1.5]"),
    Refusal(
      "RandomResizedCrop", ["ratio": [0, 1]],
      "RandomResizedCrop.ratio: must be above 0, not [0, 1]"),
    Refusal("RandomRotation", [:], "RandomRotation.degrees: must be given"),
    Refusal(
      "GaussianBlur", ["kernel_size": 4],
      "GaussianBlur.kernel_size: must be an odd number from 1 to 255, or a list of two, not 4"),
    Refusal("GaussianBlur", [:], "GaussianBlur.kernel_size: must be an odd number"),
    Refusal(
      "GaussianBlur", ["kernel_size": 3, "sigma": [0, 1]],
      "GaussianBlur.sigma: must be above 0, not [0, 1]"),
    Refusal(
      "RandAugment", ["magnitude": 31],
      "RandAugment.magnitude: must be below num_magnitude_bins, 31, not 31"),
    Refusal(
      "RandAugment", ["num_ops": 1.5],
      "RandAugment.num_ops: must be a whole number from 0 to 100, not 1.5"),
    Refusal(
      "TrivialAugmentWide", ["num_magnitude_bins": 1],
      "TrivialAugmentWide.num_magnitude_bins: must be a whole number from 2 to 10000, not 1"),
    Refusal(
      "RandomErasing", ["value": .text("noise")],
      #"RandomErasing.value: must be a number, a list of 3 numbers or "random", not "noise""#),
    Refusal(
      "Resize", ["size": 256, "crop_pct": 0.875],
      "Resize.crop_pct: excludes size: both determine the shorter side, not 0.875"),
    Refusal(
      "CenterCrop", ["size": 0],
      "CenterCrop.size: must be a whole number from 1 to 8192, not 0"),
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
    #expect(
      Augmentations.names == [
        "RandomHorizontalFlip", "ColorJitter", "RandomAffine", "RandomResizedCrop",
        "RandomRotation", "RandomGrayscale", "GaussianBlur", "TrivialAugmentWide", "RandAugment",
        "RandomErasing", "Resize", "CenterCrop",
      ])
    #expect(Augmentations.fixed == ["Resize", "CenterCrop"])
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
      "RandomResizedCrop": ["scale": [0.5, 1], "ratio": [0.5, 2]],
      "RandomRotation": ["degrees": 10], "RandomGrayscale": ["p": 0.2],
      "GaussianBlur": ["kernel_size": [3, 5], "sigma": 0.5],
      "TrivialAugmentWide": ["num_magnitude_bins": 10],
      "RandAugment": ["num_ops": 3, "magnitude": 5, "num_magnitude_bins": 10],
      "RandomErasing": ["p": 1, "scale": [0.1, 0.2], "ratio": [1, 2], "value": .text("random")],
      "CenterCrop": ["size": 8],
    ]
    #expect(all.count == Augmentations.all.count - 1)
    #expect(try ResizeShorterSide(parameters: ["crop_pct": 0.875]).cropFraction == 0.875)
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
        return !flip.draw(width: 4, height: 4, resolution: 4, from: &random).isEmpty
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
      for operation in jitter.draw(width: 9, height: 9, resolution: 9, from: &random) {
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
      let operations = affine.draw(width: 120, height: 50, resolution: 9, from: &random)
      return try #require(operations.first as? Affine)
    }
    #expect(drawn.allSatisfy { (30...70).contains($0.angle) && (0.5...0.75).contains($0.scale) })
    #expect(drawn.allSatisfy { $0.shear == .zero })
    #expect(Set(drawn.map(\.translation.x)) == Set(-12...12))
    #expect(Set(drawn.map(\.translation.y)) == Set(-15...15))
    #expect(drawn.contains { $0.angle < 31 } && drawn.contains { $0.angle > 69 })
  }

  @Test("Random crops lie in the image, cover their ranges and end at the input's size")
  func crops() throws {
    let augmentation = try RandomResizedCrop(parameters: ["scale": [0.2, 0.6]])
    let crops = try (0..<2000).map { sample in
      var random = Self.random(sample: sample)
      let drawn = augmentation.draw(width: 90, height: 60, resolution: 32, from: &random)
      #expect(drawn.last as? Resize == Resize(resolution: 32))
      return try #require(drawn.first as? Crop)
    }
    for crop in crops {
      let area = Double(crop.width * crop.height) / 5400
      let shape = Double(crop.width) / Double(crop.height)
      #expect(crop.top >= 0 && crop.top + crop.height <= 60)
      #expect(crop.left >= 0 && crop.left + crop.width <= 90)
      #expect((0.19...0.62).contains(area) && (0.72...1.4).contains(shape))
    }
    let areas = crops.map { $0.width * $0.height }
    #expect(areas.contains { $0 < 1180 } && areas.contains { $0 > 3100 })
    #expect(crops.contains { $0.top == 0 } && crops.contains { $0.left + $0.width == 90 })
  }

  @Test(
    "Without a fitting crop the largest central one of the nearest shape is taken, as torchvision does",
    arguments: [
      (100, 10, Crop(top: 0, left: 43, height: 10, width: 13)),
      (10, 100, Crop(top: 43, left: 0, height: 13, width: 10)),
      (12, 10, Crop(top: 0, left: 0, height: 10, width: 12)),
    ])
  func centralCrops(width: Int, height: Int, crop: Crop) throws {
    #expect(try RandomResizedCrop(parameters: [:]).central(width: width, height: height) == crop)
  }

  @Test("Erased rectangles cover their ranges and leave some of the image")
  func erasedRectangles() throws {
    let augmentation = try RandomErasing(parameters: [
      "p": 0.5, "scale": [0.1, 0.3], "value": [1, 2, 3],
    ])
    var rectangles: [Erase] = []
    for sample in 0..<2000 {
      var random = Self.random(sample: sample)
      rectangles += augmentation.drawAfterNormalize(resolution: 40, from: &random)
        .compactMap { $0 as? Erase }
    }
    #expect((900...1100).contains(rectangles.count))
    for rectangle in rectangles {
      #expect(rectangle.top >= 0 && rectangle.top + rectangle.height <= 40)
      #expect(rectangle.left >= 0 && rectangle.left + rectangle.width <= 40)
      #expect((0.09...0.32).contains(Double(rectangle.width * rectangle.height) / 1600))
      #expect(rectangle.values.prefix(4) == [1, 2, 3, 1])
    }
    var random = Self.random(sample: 0)
    let noise = try #require(
      try RandomErasing(parameters: [
        "p": 1, "scale": [0.8, 0.9], "ratio": [1, 1], "value": .text("random"),
      ])
      .drawAfterNormalize(resolution: 100, from: &random).first as? Erase
    ).values
    let mean = noise.reduce(0, +) / Float(noise.count)
    let variance = noise.reduce(0) { $0 + $1 * $1 } / Float(noise.count)
    #expect(abs(mean) < 0.05 && abs(variance - 1) < 0.05)
  }

  @Test("The automatic augmentations choose every operation, with either sign")
  func automaticOperations() throws {
    let wide = try TrivialAugmentWide(parameters: [:])
    let rand = try RandAugment(parameters: ["num_ops": 2])
    var seen: [String: Int] = [:]
    for sample in 0..<1400 {
      var random = Self.random(sample: sample)
      let drawn = wide.draw(width: 9, height: 9, resolution: 9, from: &random)
      #expect(drawn.count <= 1)
      for operation in drawn {
        var name = "\(type(of: operation))"
        if let affine = operation as? Affine { name += affine.center == nil ? "T" : "S" }
        if let rotation = operation as? Rotate { name += rotation.angle < 0 ? "-" : "+" }
        seen[name, default: 0] += 1
      }
      #expect(rand.draw(width: 9, height: 9, resolution: 9, from: &random).count <= 2)
    }
    #expect(
      seen.keys.sorted() == [
        "AdjustBrightness", "AdjustContrast", "AdjustSaturation", "AdjustSharpness", "AffineS",
        "AffineT", "AutoContrast", "Equalize", "Posterize", "Rotate+", "Rotate-", "Solarize",
      ])
    #expect(seen.values.allSatisfy { $0 > 25 })
  }

  @Test("An image that an augmentation cannot take is refused by name, where it is prepared")
  func impossibleImages() throws {
    let long = Image(width: 2000, height: 1, pixels: [UInt8](repeating: 9, count: 6000))
    for (augmentation, message) in [
      (
        try ResizeShorterSide(parameters: ["size": 8192]) as any Augmentation,
        "long.png: the image has 2000 × 1 pixels; resizing its shorter side to 8192 makes it too large"
      ),
      (
        try GaussianBlur(parameters: ["kernel_size": 3]),
        "long.png: the image has 2000 × 1 pixels, too few for GaussianBlur with kernel_size [3, 3]"
      ),
    ] {
      let stream = BatchStream(
        paths: ["long.png"], labels: [0],
        preprocessing: Preprocessing(
          augmentations: [augmentation], resolution: 8,
          normalize: Normalize(mean: .zero, standardDeviation: SIMD3(repeating: 1))),
        seed: 0, epoch: 0, batchSize: 1, shuffle: false, workers: 1,
        decode: { _ in long })
      let error = #expect(throws: SweepError.self) { try stream.next() }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test("What an erased image looks like can be computed back")
  func denormalizing() {
    let normalize = Normalize(
      mean: SIMD3(0.5, 0.4, 0.3), standardDeviation: SIMD3(0.2, 0.21, 0.22))
    let image = Image(
      width: 16, height: 16, pixels: (0..<768).map { UInt8(truncatingIfNeeded: $0 * 7) })
    var pixels = [Float](repeating: 0, count: 768)
    normalize.write(Canvas(image), to: &pixels)
    #expect(normalize.image(pixels, side: 16) == image)
  }

  static func random(sample: Int) -> CounterRandom {
    CounterRandom(seed: 7, purpose: .augmentation, epoch: 1, sample: UInt32(sample))
  }
}
