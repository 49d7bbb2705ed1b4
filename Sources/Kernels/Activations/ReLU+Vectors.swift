import Networks

extension ReLU: VectorActivation {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector {
    maximum(Vector(repeating: 0), z)
  }

  /// 0 at 0.
  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    Vector(repeating: 0).replacing(with: gradient, where: z .> Vector(repeating: 0))
  }
}
