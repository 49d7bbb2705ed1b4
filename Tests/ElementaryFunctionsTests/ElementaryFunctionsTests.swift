import Common
import ElementaryFunctions
import Foundation
import Testing

/// exp, log, sin, cos, tan, atan and pow against the C library, over dense grids and at the edges.
struct ElementaryFunctionsTests {
  /// A function, the C library's, and the ranges to compare them on.
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let ours: @Sendable (Double) -> Double
    let theirs: @Sendable (Extended) -> Extended
    let ranges: [ClosedRange<Double>]
    var testDescription: String { name }
  }

  static let angles: [ClosedRange<Double>] = [
    -1e-5...1e-5, -0.8...0.8, -7...7, -1e3...1e3, -0x1.1p20...0x1.1p20, -1e9...1e9,
    -1e300...1e300,
  ]
  static let functions = [
    Function(
      name: "exp", ours: { .exp($0) }, theirs: { exp($0) },
      ranges: [-1e-10...1e-10, -1...1, -45...0, -746...710, -745.2 ... -707]),
    Function(
      name: "log", ours: { .log($0) }, theirs: { log($0) },
      ranges: [0x1p-53...1, 0.9...1.1, 1...16, 0...1e-300, 0...0x1p-1030, 1...1e300]),
    Function(name: "sin", ours: { .sin($0) }, theirs: { sin($0) }, ranges: angles),
    Function(name: "cos", ours: { .cos($0) }, theirs: { cos($0) }, ranges: angles),
    Function(name: "tan", ours: { .tan($0) }, theirs: { tan($0) }, ranges: angles),
    Function(
      name: "atan", ours: { .atan($0) }, theirs: { atan($0) },
      ranges: [-1e-5...1e-5, -1...1, -8...8, -1e9...1e9, -1e25...1e25]),
  ]

  @Test(arguments: functions)
  func `A function is within 0.502 units in the last place of the exact value`(
    function: Function
  ) {
    for range in function.ranges {
      let count = 100_003  // a prime number, for steps that are no round numbers
      let step = (range.upperBound - range.lowerBound) / Double(count)
      for index in 0...count {
        let x = range.lowerBound + step * Double(index)
        let error = unitsApart(function.ours(x), function.theirs(Extended(x)))
        guard error > tolerance else { continue }
        Issue.record("\(function.name)(\(x)) is \(function.ours(x)): \(error) units from the exact")
        return
      }
    }
  }

  @Test func `Angles next to multiples of a right angle keep their digits`() {
    // The double nearest to a multiple of π/2 of all: Muller, "Elementary Functions", table 11.1.
    let worst = 0x1.6ac5b262ca1ffp849  // 6381956970095103 · 2^797
    #expect(worst == 6_381_956_970_095_103 * 0x1p797)
    #expect(abs(Double.cos(worst)) < 5e-19)
    for multiple in 1...20_000 {
      let x = Double(multiple) * Double.pi / 2
      #expect(unitsApart(.sin(x), sin(Extended(x))) <= tolerance)
      #expect(unitsApart(.cos(x), cos(Extended(x))) <= tolerance)
    }
    #expect(unitsApart(.cos(worst), cos(Extended(worst))) <= tolerance)
  }

  @Test func `Special values are those of the C library`() {
    let values: [Double] = [
      0, -0.0, .infinity, -.infinity, .nan, 1, -1, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .leastNormalMagnitude.nextDown, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
      709.78271289338397, 709.78271289338409, -708.4, -745.13321910194110, -745.13321910194122,
      -1e4, 1e4, 0x1p-54, -0x1p-54, 0x1p20, -0x1p20, (0x1p20).nextDown, 0.785, (0.785).nextUp,
    ]
    for x in values {
      expectSame(.exp(x), exp(x), "exp(\(x))")
      expectSame(.log(x), log(x), "log(\(x))")
      expectSame(.sin(x), sin(x), "sin(\(x))")
      expectSame(.cos(x), cos(x), "cos(\(x))")
      expectSame(.tan(x), tan(x), "tan(\(x))")
      for power in [0, 1, 2, 3, -1, -2, -3, 1 << 40, (1 << 53) - 1, Int.min] {
        expectSame(.pow(x, power), pow(x, Double(power)), "pow(\(x), \(power))")
      }
    }
  }

  @Test func `Powers are within 0.502 units in the last place of the exact value`() {
    for base in [0.9, 0.999, 0.1, 0.5, 0.97, 1.5, -0.98, 3, -7.25, 1e-200, 0x1p-1050] {
      for power in Array(-300...1000) + [123_457, 1 << 30] {
        let exact = pow(Extended(base), Extended(power))
        let value = Double.pow(base, power)
        guard exact.magnitude >= Extended(Double.leastNormalMagnitude) else {
          #expect(abs(value - Double(exact)) <= .leastNonzeroMagnitude, "\(base)^\(power)")
          continue
        }
        #expect(unitsApart(value, exact) <= tolerance, "\(base)^\(power)")
      }
    }
  }

  static let digests = [
    "exp": "65d95840cd88cd171cdd43688538bd3c60de545b8a3e2422e24987fdf15d0fa7",
    "log": "1cd4204a23a3fe12043b2fafb0bdd8b349ea9cfedec07597cd416c0ef864bba3",
    "sin": "8a6f7530edd85823ba7f46ee2dabf2c7ea94eafcb8117bc590213b7097de8d82",
    "cos": "d45399117312cfc68d957ec4ad711c41ba81f6c962cf59accd525d64dc48ceda",
    "tan": "d27969d6b0e856245a0f7d35e7a6762634c9b2d0f997e6407f8ba911b1e367f5",
    "atan": "7360623aacb9c607e7dc6dffa8949734790369ea4e77940aff07658294fb3ce3",
    "pow": "9e7da2e374eae5f2582a142638fda6d016cf42f70f2b7b52039e0a3b93745d8f",
  ]

  @Test(arguments: functions)
  func `A function gives the same bits on every machine`(function: Function) {
    let values = function.ranges.flatMap { range in
      let step = (range.upperBound - range.lowerBound) / 10_000
      return (0...10_000).map { function.ours(range.lowerBound + step * Double($0)) }
    }
    #expect(digest(of: values) == Self.digests[function.name])
  }

  @Test func `Powers have the same bits on every machine`() {
    let values = (1...2000).flatMap { base in
      [-3000, -7, 2, 1000, 123_457].map { Double.pow(1 + Double(base) / 4096, $0) }
    }
    #expect(digest(of: values) == Self.digests["pow"])
  }

  /// The SHA-256 of the values' bits; one NaN counts as any other.
  private func digest(of values: [Double]) -> String {
    SHA256.hash(
      values.flatMap { value in
        let bits = value.isNaN ? 0x7ff8 << 48 : value.bitPattern
        return withUnsafeBytes(of: bits.littleEndian, Array.init)
      })
  }

  /// Equal, both not a number, or neighbors: a C library may round some of these the other way.
  private func expectSame(_ ours: Double, _ theirs: Double, _ name: String) {
    let isSame =
      ours.isNaN && theirs.isNaN || ours == theirs && ours.sign == theirs.sign
      || abs(ours - theirs) <= theirs.ulp
    #expect(isSame, "\(name) is \(ours), the C library's \(theirs)")
  }
}

#if arch(x86_64)
  /// The C library's functions in 64 bits of mantissa are the reference where there are any.
  typealias Extended = Float80
  private let tolerance = 0.502
#else
  typealias Extended = Double
  private let tolerance = 1.0
#endif

/// The distance in units of the last place of `exact`, rounded to Double.
private func unitsApart(_ value: Double, _ exact: Extended) -> Double {
  let rounded = Double(exact)
  if rounded == value || rounded.isNaN && value.isNaN {
    return exact.isFinite && value.isFinite
      ? Double(abs(Extended(value) - exact) / Extended(rounded.ulp)) : 0
  }
  guard rounded.isFinite, value.isFinite else { return .infinity }
  return Double(abs(Extended(value) - exact) / Extended(rounded.ulp))
}
