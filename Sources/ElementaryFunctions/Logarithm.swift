// Copyright (c) 1999-2022, Arm Limited. SPDX-License-Identifier: MIT. The notice is in LICENSE.Arm.

extension Double {
  /// The natural logarithm of `x`, within 0.52 units in the last place; not a number below 0.
  ///
  /// The method is that of Arm's Optimized Routines, which glibc uses too: x = 2^k · c · (1 + r), then
  /// a table of log c and a polynomial of degree 6 in r; near 1 one of degree 12 in x − 1.
  package static func log(_ x: Double) -> Double {
    if x >= 1 - 0x1p-4 && x < 1 + 0x1.09p-4 { return logarithmNearOne(x) }
    if !(x > 0) { return x == 0 ? -.infinity : .nan }
    if x == .infinity { return x }
    var bits = x.bitPattern
    if x < .leastNormalMagnitude { bits = (x * 0x1p52).bitPattern &- 52 << 52 }

    let offset = bits &- 0x3fe6_0000_0000_0000
    let index = Int(truncatingIfNeeded: offset >> 45 & 127) * 2
    let k = Double(Int64(bitPattern: offset) >> 52)
    let z = Double(bitPattern: bits &- offset & 0xfff0_0000_0000_0000)
    let r = fma(z, logarithmTable[index], -1)
    let w = fma(k, 0x1.62e42fefa3800p-1, logarithmTable[index + 1])
    let high = w + r
    let r2 = r * r
    let low = fma(r2, -0x1.0000000000001p-1, fma(k, 0x1.ef35793c76730p-45, (w - high) + r))
    let cubic = fma(r, -0x1.fffffffeb4590p-3, 0x1.555555551305bp-2)
    let quintic = fma(r, -0x1.55575e506c89fp-3, 0x1.999b324f10111p-3)
    return fma(r * r2, fma(quintic, r2, cubic), low) + high
  }

  private static func logarithmNearOne(_ x: Double) -> Double {
    let r = x - 1
    let r2 = r * r
    let r3 = r * r2
    let third = fma(
      r3, -0x1.5521375d145cdp-4,
      fma(r2, 0x1.78182f7afd085p-4, fma(-0x1.999eb43b068ffp-4, r, 0x1.c7184282ad6cap-4)))
    let second = fma(
      r2, -0x1.fffffa4423d65p-4, fma(0x1.24924a344de3p-3, r, -0x1.55555556745a7p-3))
    let first = fma(
      r2, 0x1.999999995dd0cp-3, fma(-0x1.ffffffffffdcbp-3, r, 0x1.5555555555577p-2))
    let tail = fma(fma(third, r3, second), r3, first)
    // r − r²/2 in two parts, with r split in halves whose squares are exact.
    let upper = fma(-0x1p27, r, fma(r, 0x1p27, r))
    let lower = r - upper
    let square = upper * upper
    let high = fma(square, -0.5, r)
    let low = fma(-0.5 * lower, r + upper, fma(square, -0.5, r - high))
    return high + fma(tail, r3, low)
  }
}
