extension Double {
  /// The sine of `x` radians, within 0.51 units in the last place for every finite `x`.
  package static func sin(_ x: Double) -> Double {
    let (quadrant, angle) = reduced(x)
    let value = quadrant & 1 == 0 ? sine(angle) : cosine(angle)
    return quadrant & 2 == 0 ? value : -value
  }

  /// The cosine of `x` radians, within 0.51 units in the last place for every finite `x`.
  package static func cos(_ x: Double) -> Double {
    let (quadrant, angle) = reduced(x)
    let value = quadrant & 1 == 0 ? cosine(angle) : sine(angle)
    return (quadrant &+ 1) & 2 == 0 ? value : -value
  }
}

/// π/2 in three parts.
private let halfPi = (0x1.921fb54442d18p0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110)

/// `x` less the nearest multiple of π/2, and that multiple, modulo 4.
private func reduced(_ x: Double) -> (quadrant: Int, angle: DoubleDouble) {
  if x.magnitude <= 0.785 { return (0, DoubleDouble(x, 0)) }
  guard x.magnitude < 0x1p20 else { return reducedLarge(x) }
  let k = (x * 0x1.45f306dc9c883p-1).rounded(.toNearestOrEven)
  // The first difference is exact: x and the product are near each other.
  let difference = DoubleDouble(sum: fma(-k, halfPi.0, x), DoubleDouble(product: -k, halfPi.1))
  let angle = DoubleDouble(fastSum: difference.high, fma(-k, halfPi.2, difference.low))
  return (Int(k) & 3, angle)
}

/// As above by Payne and Hanek's method (1983): only the bits of 2/π that matter are multiplied.
private func reducedLarge(_ x: Double) -> (quadrant: Int, angle: DoubleDouble) {
  guard x.isFinite else { return (0, DoubleDouble(.nan, .nan)) }
  let mantissa = x.significandBitPattern | 1 << 52
  // |x| = mantissa · 2^exponent. The bits of 2/π before `first` give multiples of 4.
  let first = Int(x.exponent) - 52 + 62
  let (word, shift) = (first / 64, UInt64(first % 64))
  func window(_ index: Int) -> UInt64 {
    let upper = twoOverPi[word + index] << shift
    return shift == 0 ? upper : upper | twoOverPi[word + index + 1] >> (64 - shift)
  }
  // The lower 192 bits of the product: 2 of the quadrant, then the fraction.
  let bottom = mantissa.multipliedFullWidth(by: window(2))
  let middle = mantissa.multipliedFullWidth(by: window(1))
  let (second, carry) = middle.low.addingReportingOverflow(bottom.high)
  let top = mantissa &* window(0) &+ middle.high &+ (carry ? 1 : 0)

  var quadrant = Int(top >> 62)
  var high = top << 2 | second >> 62
  var low = second << 2 | bottom.low >> 62
  var rest = bottom.low << 2
  // A fraction of at least a half counts down from the next quadrant.
  let isNegative = high >> 63 == 1
  if isNegative {
    quadrant += 1
    (high, low, rest) = (~high, ~low, ~rest)
  }
  let zeros = high == 0 ? 63 : high.leadingZeroBitCount
  if zeros > 0 {
    high = high << zeros | low >> (64 - zeros)
    low = low << zeros | rest >> (64 - zeros)
  }
  let scale = Double(sign: .plus, exponent: -zeros, significand: 1)
  let fraction = DoubleDouble(
    Double(high >> 11) * 0x1p-53 * scale,
    Double((high & 0x7ff) << 42 | low >> 22) * 0x1p-106 * scale)
  var angle = fraction * DoubleDouble(halfPi.0, halfPi.1)
  if isNegative != (x < 0) { angle = DoubleDouble(-angle.high, -angle.low) }
  return ((x < 0 ? -quadrant : quadrant) & 3, angle)
}

/// Taylor's series about 0 for |angle| ≤ π/4: its first two terms in two parts each.
private func sine(_ angle: DoubleDouble) -> Double {
  let x = angle.high
  if x.magnitude < 0x1p-27 { return x }
  let square = DoubleDouble(product: x, x)
  let cube = square * DoubleDouble(x, 0)
  let third = cube * DoubleDouble(-0x1.5555555555555p-3, -0x1.5555555555555p-57)
  let z = square.high
  var series = fma(z, 1 / 355_687_428_096_000, -1 / 1_307_674_368_000)
  series = fma(z, fma(z, series, 1 / 6_227_020_800), -1 / 39_916_800)
  series = fma(z, fma(z, fma(z, series, 1 / 362_880), -1 / 5040), 1 / 120)
  let sum = DoubleDouble(fastSum: x, third.high)
  let slope = fma(z, fma(z, 1 / 24, -0.5), 1)
  let small = fma(cube.high * z, series, fma(angle.low, slope, third.low))
  return sum.high + (sum.low + small)
}

private func cosine(_ angle: DoubleDouble) -> Double {
  let x = angle.high
  let square = DoubleDouble(product: x, x)
  let fourth = square * square * DoubleDouble(0x1.5555555555555p-5, 0x1.5555555555555p-59)
  let z = square.high
  var series = fma(z, -1 / 6_402_373_705_728_000, 1 / 20_922_789_888_000)
  series = fma(z, fma(z, series, -1 / 87_178_291_200), 1 / 479_001_600)
  series = fma(z, fma(z, series, -1 / 3_628_800), 1 / 40320)
  series = fma(z, series, -1 / 720)
  let sum = DoubleDouble(fastSum: 1, -0.5 * z)
  let next = DoubleDouble(fastSum: sum.high, fourth.high)
  let slope = x * fma(z, 1 / 6, -1)
  let small = fma(z * z * z, series, fma(-0.5, square.low, fma(slope, angle.low, fourth.low)))
  return next.high + (next.low + (sum.low + small))
}

/// 2/π after the binary point, behind 64 zeros.
private let twoOverPi: [UInt64] = [
  0,
  0xa2f9836e_4e441529, 0xfc2757d1_f534ddc0, 0xdb629599_3c439041, 0xfe5163ab_debbc561,
  0xb7246e3a_424dd2e0, 0x06492eea_09d1921c, 0xfe1deb1c_b129a73e, 0xe88235f5_2ebb4484,
  0xe99c7026_b45f7e41, 0x3991d639_835339f4, 0x9c845f8b_bdf9283b, 0x1ff897ff_de05980f,
  0xef2f118b_5a0a6d1f, 0x6d367ecf_27cb09b7, 0x4f463f66_9e5fea2d, 0x7527bac7_ebe5f17b,
  0x3d0739f7_8a5292ea, 0x6bfb5fb1_1f8d5d08, 0x56033046_fc7b6bab,
]
