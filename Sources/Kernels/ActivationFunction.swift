/// An activation as the kernels apply it, chosen outside their loops.
public enum ActivationKind: Sendable, Equatable {
  /// f(z) = z.
  case identity
  /// f(z) = min(max(z, low), high): ReLU and ReLU6.
  case clamp(low: Float, high: Float)
  /// f(z) = z where z > 0, else slope · z.
  case leaky(slope: Float)

  /// Calls `kernel` with the activation's own type, so that its loop is compiled for it.
  @inline(__always)
  func specialise(_ kernel: some ActivatedKernel) {
    switch self {
    case .identity: kernel.run(Identity())
    case .clamp(let low, let high): kernel.run(Clamp(low: low, high: high))
    case .leaky(let slope): kernel.run(Leaky(slope: slope))
    }
  }
}

/// A kernel that is compiled once for each activation.
protocol ActivatedKernel {
  func run<A: ActivationFunction>(_ activation: A)
}

/// What a kernel's loop is specialised for.
protocol ActivationFunction {
  func callAsFunction(_ z: Vector) -> Vector
  /// `gradient` · f'(z); PyTorch's choice at the kinks: 0 at both ends of ReLU6, the slope at 0 of
  /// LeakyReLU.
  func backward(_ gradient: Vector, at z: Vector) -> Vector
}

struct Identity: ActivationFunction {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector { z }
  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector { gradient }
}

struct Clamp: ActivationFunction {
  let low: Vector
  let high: Vector

  @inline(__always) init(low: Float, high: Float) {
    self.low = Vector(repeating: low)
    self.high = Vector(repeating: high)
  }

  // A value that is not a number stays one, so that a diverged run is seen.
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector {
    minimum(high, maximum(low, z))
  }

  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    Vector(repeating: 0).replacing(with: gradient, where: (z .> low) .& (z .< high))
  }
}

struct Leaky: ActivationFunction {
  let slope: Vector

  @inline(__always) init(slope: Float) { self.slope = Vector(repeating: slope) }

  @inline(__always) func callAsFunction(_ z: Vector) -> Vector {
    (z * slope).replacing(with: z, where: z .> Vector(repeating: 0))
  }

  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    (gradient * slope).replacing(with: gradient, where: z .> Vector(repeating: 0))
  }
}
