import Networks

/// An activation that kernels have loops for.
protocol VectorActivation: Activation {
  /// f(z), element by element; NaN stays NaN, so that a diverged run is noticed.
  func callAsFunction(_ z: Vector) -> Vector
  /// `gradient` · f'(z), with PyTorch's choice of f' where f has a kink.
  func backward(_ gradient: Vector, at z: Vector) -> Vector
}

/// The activations that kernels are compiled for, one case each.
package enum CompiledActivation: Sendable, Equatable {
  case identity(Identity)
  case relu(ReLU)
  case relu6(ReLU6)
  case leakyReLU(LeakyReLU)
  case hardSwish(HardSwish)
  case hardSigmoid(HardSigmoid)
  case siLU(SiLU)

  /// The loops of an activation of `Activations.all`.
  package init(_ activation: any Activation) {
    switch activation {
    case let activation as Identity: self = .identity(activation)
    case let activation as ReLU: self = .relu(activation)
    case let activation as ReLU6: self = .relu6(activation)
    case let activation as LeakyReLU: self = .leakyReLU(activation)
    case let activation as HardSwish: self = .hardSwish(activation)
    case let activation as HardSigmoid: self = .hardSigmoid(activation)
    case let activation as SiLU: self = .siLU(activation)
    default: preconditionFailure("no kernel is compiled for \(activation)")
    }
  }

  /// Calls `kernel` with the activation's own type, so that its loop is compiled for it.
  @inline(__always)
  func specialize(_ kernel: some ActivatedKernel) {
    switch self {
    case .identity(let activation): kernel.run(activation)
    case .relu(let activation): kernel.run(activation)
    case .relu6(let activation): kernel.run(activation)
    case .leakyReLU(let activation): kernel.run(activation)
    case .hardSwish(let activation): kernel.run(activation)
    case .hardSigmoid(let activation): kernel.run(activation)
    case .siLU(let activation): kernel.run(activation)
    }
  }
}

/// A kernel that is compiled once for each activation.
protocol ActivatedKernel {
  func run<A: VectorActivation>(_ activation: A)
}
