import Networks

extension LeakyReLU: VectorActivation {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector {
    (z * Vector(repeating: slope)).replacing(with: z, where: z .> Vector(repeating: 0))
  }

  /// The slope at 0.
  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    (gradient * Vector(repeating: slope)).replacing(
      with: gradient, where: z .> Vector(repeating: 0))
  }
}
