import Networks

extension HardSigmoid: VectorActivation {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector {
    let line = fma(z, Vector(repeating: 1 / 6), Vector(repeating: 0.5))
    return minimum(Vector(repeating: 1), maximum(Vector(repeating: 0), line))
  }

  /// 0 at −3 and at 3.
  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    let inside = (z .> Vector(repeating: -3)) .& (z .< Vector(repeating: 3))
    return Vector(repeating: 0).replacing(with: gradient * Vector(repeating: 1 / 6), where: inside)
  }
}
