// Copyright (c) 1999-2022, Arm Limited. SPDX-License-Identifier: MIT. The notice is in LICENSE.Arm.

extension Double {
  /// e to the power of `x`, within 0.51 units in the last place (0.52 where the result is subnormal).
  ///
  /// The method is that of Arm's Optimized Routines, which glibc uses too: x = k/128 · ln 2 + r, then
  /// a table of 2^(i/128) and a polynomial of degree 5 in r.
  package static func exp(_ x: Double) -> Double {
    let exponent = Int(x.bitPattern >> 52 & 0x7ff)
    if exponent < 0x3c9 { return 1 + x }  // |x| < 2^-54
    if exponent >= 0x409 {  // |x| ≥ 1024, infinite, or not a number
      if x.isNaN || x == .infinity { return x }
      return x < 0 ? 0 : .infinity
    }
    let shifted = fma(x, 0x1.71547652b82fep0 * 128, 0x1.8p52)
    let k = shifted.bitPattern
    let kd = shifted - 0x1.8p52
    let r = fma(kd, -0x1.cf79abc9e3b3ap-47, fma(kd, -0x1.62e42fefa0000p-8, x))

    let index = Int(truncatingIfNeeded: k & 127) * 2
    let tail = Double(bitPattern: exponentialTable[index])
    let bits = exponentialTable[index + 1] &+ k << 45
    let r2 = r * r
    let low = fma(fma(0x1.555555555543cp-3, r, 0x1.ffffffffffdbdp-2), r2, tail + r)
    let high = fma(r, 0x1.1111167a4d017p-7, 0x1.55555cf172b91p-5)
    let fraction = fma(r2 * r2, high, low)
    if exponent >= 0x408 {  // |x| ≥ 512: the scale alone may lie out of range
      return scaled(bits, fraction, isLarge: k & 0x8000_0000 == 0)
    }
    let scale = Double(bitPattern: bits)
    return fma(scale, fraction, scale)
  }

  /// scale · (1 + fraction), rounded once where the result is subnormal.
  private static func scaled(_ bits: UInt64, _ fraction: Double, isLarge: Bool) -> Double {
    if isLarge {
      let scale = Double(bitPattern: bits &- 1009 << 52)
      return 0x1p1009 * fma(scale, fraction, scale)
    }
    let scale = Double(bitPattern: bits &+ 1022 << 52)
    let rest = scale * fraction
    var y = scale + rest
    if y < 1 {
      let high = 1 + y
      y = (high + ((1 - high) + y + ((scale - y) + rest))) - 1
    }
    return 0x1p-1022 * y
  }
}

/// a · b + c in one rounding.
@inline(__always) func fma(_ a: Double, _ b: Double, _ c: Double) -> Double {
  c.addingProduct(a, b)
}
