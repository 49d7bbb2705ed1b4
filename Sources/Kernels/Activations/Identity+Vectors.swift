import Networks

extension Identity: VectorActivation {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector { z }
  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector { gradient }
}
