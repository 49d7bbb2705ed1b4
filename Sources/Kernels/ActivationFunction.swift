/// An activation as the kernels apply it, chosen outside their loops.
public enum ActivationKind: Sendable, Equatable {
  /// f(z) = z.
  case identity
  /// f(z) = min(max(z, low), high): ReLU and ReLU6.
  case clamp(low: Float, high: Float)
  /// f(z) = z where z > 0, else slope · z.
  case leaky(slope: Float)
  /// f(z) = z · min(max(z + 3, 0), 6) / 6 (Howard et al., 2019, section 5.2).
  case hardSwish
  /// f(z) = min(max(z + 3, 0), 6) / 6.
  case hardSigmoid

  /// Calls `kernel` with the activation's own type, so that its loop is compiled for it.
  @inline(__always)
  func specialise(_ kernel: some ActivatedKernel) {
    switch self {
    case .identity: kernel.run(Identity())
    case .clamp(let low, let high): kernel.run(Clamp(low: low, high: high))
    case .leaky(let slope): kernel.run(Leaky(slope: slope))
    case .hardSwish: kernel.run(HardSwish())
    case .hardSigmoid: kernel.run(HardSigmoid())
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
  /// `gradient` · f'(z); PyTorch's choice at the kinks: 0 at both ends of ReLU6 and hard-sigmoid,
  /// the slope at 0 of LeakyReLU, 0 at −3 and 1 at 3 of hard-swish.
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

struct HardSigmoid: ActivationFunction {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector {
    let line = fma(z, Vector(repeating: 1 / 6), Vector(repeating: 0.5))
    return minimum(Vector(repeating: 1), maximum(Vector(repeating: 0), line))
  }

  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    let inside = (z .> Vector(repeating: -3)) .& (z .< Vector(repeating: 3))
    return Vector(repeating: 0).replacing(with: gradient * Vector(repeating: 1 / 6), where: inside)
  }
}

struct HardSwish: ActivationFunction {
  @inline(__always) func callAsFunction(_ z: Vector) -> Vector { z * HardSigmoid()(z) }

  @inline(__always) func backward(_ gradient: Vector, at z: Vector) -> Vector {
    let slope = fma(z, Vector(repeating: 1 / 3), Vector(repeating: 0.5))
    let capped = slope.replacing(with: 1, where: z .>= Vector(repeating: 3))
    return gradient * capped.replacing(with: 0, where: z .<= Vector(repeating: -3))
  }
}
