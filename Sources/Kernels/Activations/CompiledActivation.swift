import Networks

/// An activation with vectorized loops.
protocol VectorActivation: Activation {
  /// f(z) elementwise; NaN stays NaN, so that divergence is detected.
  func callAsFunction(_ z: Vector) -> Vector
  /// `gradient` · f'(z), with PyTorch's choice of f' at kinks.
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

  /// Calls `kernel` with the activation's own type, so that the loop is specialized for it.
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

/// A kernel that is specialized for each activation.
protocol ActivatedKernel {
  func run<A: VectorActivation>(_ activation: A)
}
