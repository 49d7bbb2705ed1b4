import Networks

extension SiLU: VectorActivation {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector { z * sigmoid(z) }

  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    let share = sigmoid(z)
    return gradient * (share * fma(z, Vector(repeating: 1) - share, Vector(repeating: 1)))
  }

  /// 1 / (1 + exp(−z)), from exp(−|z|) to avoid overflow.
  @inline(__always) private func sigmoid(_ z: Vector) -> Vector {
    let small = exponential(minimum(z, -z))
    return Vector(repeating: 1).replacing(with: small, where: z .< Vector(repeating: 0))
      / (Vector(repeating: 1) + small)
  }
}

/// exp(x) for x ≤ 0, within 2 units in the last place; 0 below −87.
///
/// x = n · ln 2 + r with |r| ≤ ln 2 / 2: exp(r) is a polynomial, and n goes into the exponent. It
/// uses only fused multiply-adds, so that every processor and vector width gives the same bits.
@inline(__always)
func exponential(_ x: Vector) -> Vector {
  // Adding 1.5 · 2²³ rounds to an integer in the low bits.
  let shifted = fma(x, Vector(repeating: 1.442695), Vector(repeating: 0x1.8p23))
  let n = shifted - Vector(repeating: 0x1.8p23)
  var r = fma(n, Vector(repeating: -0x1.62e4p-1), x)
  r = fma(n, Vector(repeating: -0x1.7f7d1cp-20), r)
  // The Taylor series; the first neglected term is below 2⁻²⁷.
  var sum = fma(Vector(repeating: 1 / 5040), r, Vector(repeating: 1 / 720))
  sum = fma(sum, r, Vector(repeating: 1 / 120))
  sum = fma(sum, r, Vector(repeating: 1 / 24))
  sum = fma(sum, r, Vector(repeating: 1 / 6))
  sum = fma(sum, r, Vector(repeating: 0.5))
  sum = fma(sum, r, Vector(repeating: 1))
  sum = fma(sum, r, Vector(repeating: 1))
  let bits = unsafeBitCast(shifted, to: Integers.self)
  let power = unsafeBitCast((bits &<< 23) &+ Integers(repeating: 0x3f80_0000), to: Vector.self)
  return (sum * power).replacing(with: 0, where: x .< Vector(repeating: -87))
}
