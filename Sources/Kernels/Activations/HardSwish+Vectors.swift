import Networks

extension HardSwish: VectorActivation {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector { z * HardSigmoid()(z) }

  /// 0 at −3 and 1 at 3.
  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    let slope = fma(z, Vector(repeating: 1 / 3), Vector(repeating: 0.5))
    let capped = slope.replacing(with: 1, where: z .>= Vector(repeating: 3))
    return gradient * capped.replacing(with: 0, where: z .<= Vector(repeating: -3))
  }
}
