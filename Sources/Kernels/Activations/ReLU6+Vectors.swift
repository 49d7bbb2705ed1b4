import Networks

extension ReLU6: VectorActivation {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector {
    minimum(Vector(repeating: 6), maximum(Vector(repeating: 0), z))
  }

  /// 0 at 0 and at 6.
  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    Vector(repeating: 0).replacing(
      with: gradient, where: (z .> Vector(repeating: 0)) .& (z .< Vector(repeating: 6)))
  }
}
