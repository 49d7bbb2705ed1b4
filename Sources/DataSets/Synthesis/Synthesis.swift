import Common
import ElementaryFunctions
import Foundation
import Images

/// A small synthetic data set: shapes and textures of varying color, position, size and
/// orientation, with noise, as PNG files in an ImageFolder.
///
/// Each class's colors center on its own hue but overlap with its neighbors'. A picture depends
/// only on the seed, the size, its class and its index.
package struct Synthesis: Sendable {
  package static let maximumClasses = Pattern.allCases.count

  /// The number of classes, 2 to ``maximumClasses``.
  package let classes: Int
  package let trainPerClass, valPerClass: Int
  /// Height and width in pixels, 8 to 1024.
  package let size: Int
  package let seed: UInt64

  /// Throws `.usage` if a number is out of range.
  package init(
    classes: Int = 10, trainPerClass: Int = 40, valPerClass: Int = 10, size: Int = 64,
    seed: UInt64 = 0
  ) throws(SweepError) {
    let table = [
      ("--classes", classes, 2...Self.maximumClasses),
      ("--train-per-class", trainPerClass, 1...99_999),
      ("--val-per-class", valPerClass, 1...99_999), ("--size", size, 8...1024),
    ]
    for (name, value, range) in table where !range.contains(value) {
      throw SweepError(
        .usage, "\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
    }
    self.classes = classes
    self.trainPerClass = trainPerClass
    self.valPerClass = valPerClass
    self.size = size
    self.seed = seed
  }

  /// Draws the data set into `root`/train and `root`/val; `root` must not exist or must be an empty
  /// folder.
  ///
  /// Leaves nothing behind on failure.
  package func write(
    to root: String, progress: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  ) throws(SweepError) {
    var done = 0
    let folder = try StagedFolder(for: root)
    try folder.fill { (path) throws(SweepError) in
      for (split, perClass) in [("train", trainPerClass), ("val", valPerClass)] {
        for pattern in Pattern.allCases.prefix(classes) {
          let name = "\(split)/\(pattern.rawValue)"
          try folder.makeFolder(name)
          for number in 0..<perClass {
            let png = draw(pattern, number: number, validation: split == "val").encodedPNG()
            let file = "\(path)/\(name)/\(pattern.rawValue)-\(Self.padded(number)).png"
            try FileContents.create(file, png)
            done += 1
            guard progress(done, classes * (trainPerClass + valPerClass)) else {
              throw SweepError(.interrupted, at: root, "interrupted; nothing was drawn")
            }
          }
        }
      }
    }
  }

  func draw(_ pattern: Pattern, number: Int, validation: Bool) -> Image {
    let kind = Pattern.allCases.firstIndex(of: pattern) ?? 0
    var random = CounterRandom(
      seed: seed, purpose: .synthesis, epoch: UInt32(2 * kind + (validation ? 1 : 0)),
      sample: UInt32(number))
    // Two uniform draws form a peak at the class's own hue.
    let own = (Double(kind) + 1.2 * (random.uniform() + random.uniform() - 1)) / 10
    let ink = Color(
      hue: own, saturation: random.uniform(in: 0.55...0.95), value: random.uniform(in: 0.7...1))
    let groundHue = random.uniform()
    let grounds = (0..<2).map { _ in
      Color(
        hue: groundHue + random.uniform(in: -0.08...0.08),
        saturation: random.uniform(in: 0.1...0.5), value: random.uniform(in: 0.15...0.5))
    }
    let side = Double(size)
    let radius =
      side * (pattern.isTexture ? random.uniform(in: 0.06...0.11) : random.uniform(in: 0.24...0.42))
    let reach = pattern.isTexture ? side : max(0, side / 2 - radius)
    let center = (
      x: side / 2 + random.uniform(in: -1...1) * reach,
      y: side / 2 + random.uniform(in: -1...1) * reach
    )
    // Shapes are tilted slightly; textures have any orientation.
    let angle = random.uniform(in: -1...1) * (pattern.isTexture ? Double.pi : 0.45)
    let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
    let slope = random.uniform(in: -1...1)
    let noise = random.uniform(in: 4...14)

    var pixels: [UInt8] = []
    pixels.reserveCapacity(size * size * 3)
    for row in 0..<size {
      for column in 0..<size {
        let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
        let (dx, dy) = ((x - center.x) / radius, (y - center.y) / radius)
        let distance = pattern.distance(cosine * dx + sine * dy, cosine * dy - sine * dx)
        let cover = min(max(0.5 - distance * radius, 0), 1)
        let along = min(max((x * slope + y * (1 - abs(slope))) / side, 0), 1)
        let ground = grounds[0].mixed(with: grounds[1], along)
        let color = ground.mixed(with: ink, cover)
        for channel in [color.red, color.green, color.blue] {
          let value = 255 * channel + noise * (random.uniform() + random.uniform() - 1)
          pixels.append(UInt8(min(max(value.rounded(), 0), 255)))
        }
      }
    }
    return Image(width: size, height: size, pixels: pixels)
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

/// A color with components in [0, 1].
private struct Color {
  var red, green, blue: Double

  init(hue: Double, saturation: Double, value: Double) {
    func part(_ offset: Double) -> Double {
      let place = (hue + offset) * 6
      let ramp = abs(place - 6 * (place / 6).rounded(.down) - 3) - 1
      return value * (1 - saturation * (1 - min(max(ramp, 0), 1)))
    }
    (red, green, blue) = (part(0), part(2.0 / 3), part(1.0 / 3))
  }

  func mixed(with other: Color, _ share: Double) -> Color {
    var mixed = self
    mixed.red += share * (other.red - red)
    mixed.green += share * (other.green - green)
    mixed.blue += share * (other.blue - blue)
    return mixed
  }
}
