extension Double {
  /// The sine of `x` radians, within 0.501 units in the last place for every finite `x`.
  package static func sin(_ x: Double) -> Double {
    if x.magnitude < 0x1p-27 { return x }
    return rounded(sineAndCosine(x).sine)
  }

  /// The cosine of `x` radians, within 0.501 units in the last place for every finite `x`.
  package static func cos(_ x: Double) -> Double { rounded(sineAndCosine(x).cosine) }

  /// The tangent of `x` radians, within 0.501 units in the last place for every finite `x`.
  package static func tan(_ x: Double) -> Double {
    if x.magnitude < 0x1p-27 { return x }
    let (sine, cosine) = sineAndCosine(x)
    return rounded(sine / cosine)
  }

  /// The angle whose tangent is `x`, in radians, within 0.501 units in the last place.
  package static func atan(_ x: Double) -> Double {
    if x.isNaN || x.magnitude < 0x1p-27 { return x }
    // tan(atan x − a) = (x · cos a − sin a) / (cos a + x · sin a). The first estimate is off by less
    // than 0.01, and each step cubes the difference.
    let slope = min(x.magnitude, 1 / x.magnitude)
    let first = slope / (1 + 0.28 * slope * slope)
    var angle = x.magnitude > 1 ? halfPi.0 - first : first
    if x < 0 { angle = -angle }
    if x.magnitude > 0x1p60 { return x < 0 ? -halfPi.0 : halfPi.0 }
    func rest() -> Double {
      let (sine, cosine) = sineAndCosine(angle)
      let product = DoubleDouble(x) * cosine
      let difference = (product.high - sine.high) + (product.low - sine.low)
      return difference / (cosine.high + x * sine.high)
    }
    for _ in 0..<3 { angle += rest() }
    return angle + rest()
  }

  private static func rounded(_ value: DoubleDouble) -> Double { value.high + value.low }

  private static func sineAndCosine(_ x: Double) -> (sine: DoubleDouble, cosine: DoubleDouble) {
    let (quadrant, angle) = reduced(x)
    let square = angle * angle
    let (sine, cosine) = (angle * sineSeries(square), cosineSeries(square))
    switch quadrant & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }
}

/// sin(√z) / √z and cos(√z) for z ≤ (π/4)².
private let sineSeries = PowerSeries(exact: 4, divisors: signedFactorials(from: 1))
private let cosineSeries = PowerSeries(exact: 5, divisors: signedFactorials(from: 0))

/// The divisors start!, −(start + 2)!, (start + 4)! and so on.
private func signedFactorials(from start: Int) -> [Double] {
  var divisors = [1.0]
  for n in stride(from: start + 1, to: start + 23, by: 2) {
    divisors.append(-divisors[divisors.count - 1] * Double(n * (n + 1)))
  }
  return divisors
}

/// π/2 in three parts.
private let halfPi = (0x1.921fb54442d18p0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110)

/// `x` minus the nearest multiple of π/2, and that multiple, modulo 4.
private func reduced(_ x: Double) -> (quadrant: Int, angle: DoubleDouble) {
  guard x.isFinite else { return (0, DoubleDouble(.nan)) }
  guard x.magnitude < 0x1p20 else { return reducedLarge(x) }
  let k = (x / halfPi.0).rounded(.toNearestOrEven)
  // The first difference is exact because x and the product are close.
  let difference = DoubleDouble(sum: fma(-k, halfPi.0, x), DoubleDouble(product: -k, halfPi.1))
  return (Int(k), DoubleDouble(fastSum: difference.high, fma(-k, halfPi.2, difference.low)))
}

/// The same by Payne and Hanek's method (1983): multiplies only the relevant bits of 2/π.
private func reducedLarge(_ x: Double) -> (quadrant: Int, angle: DoubleDouble) {
  // |x| = mantissa · 2^exponent. The bits of 2/π before `first` give multiples of 4.
  let mantissa = UInt128(x.significandBitPattern | 1 << 52)
  let first = Int(x.exponent) - 52 + 62
  func window(_ index: Int) -> UInt128 {
    let word = first / 64 + index
    let both = UInt128(twoOverPi[word]) << 64 | UInt128(twoOverPi[word + 1])
    return both >> (64 - UInt128(first % 64)) & UInt128(UInt64.max)
  }
  // 2 bits of the quadrant, then the fraction. Fractions of ½ and more become negative.
  let product =
    (mantissa << 64) &* window(0) &+ mantissa &* window(1) &+ (mantissa &* window(2)) >> 64
  let fraction = Int128(truncatingIfNeeded: product << 2) >> 1
  let quadrant = Int(product >> 126) + (fraction < 0 ? 1 : 0)
  let high = Double(fraction)
  let angle =
    DoubleDouble(high * 0x1p-127, Double(fraction - Int128(high)) * 0x1p-127)
    * DoubleDouble(halfPi.0, halfPi.1)
  return x < 0 ? (-quadrant, -angle) : (quadrant, angle)
}

/// 2/π after the binary point, preceded by 64 zeros.
private let twoOverPi: [UInt64] = [
  0,
  0xa2f9836e_4e441529, 0xfc2757d1_f534ddc0, 0xdb629599_3c439041, 0xfe5163ab_debbc561,
  0xb7246e3a_424dd2e0, 0x06492eea_09d1921c, 0xfe1deb1c_b129a73e, 0xe88235f5_2ebb4484,
  0xe99c7026_b45f7e41, 0x3991d639_835339f4, 0x9c845f8b_bdf9283b, 0x1ff897ff_de05980f,
  0xef2f118b_5a0a6d1f, 0x6d367ecf_27cb09b7, 0x4f463f66_9e5fea2d, 0x7527bac7_ebe5f17b,
  0x3d0739f7_8a5292ea, 0x6bfb5fb1_1f8d5d08, 0x56033046_fc7b6bab,
]
