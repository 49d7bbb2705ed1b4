/// An optimiser and its constants; the learning rate is given at each step.
public enum OptimizerSettings: Sendable, Equatable {
  /// Adam (Kingma and Ba, 2015) with ε outside the root, as PyTorch's `Adam`.
  case adam(beta1: Double, beta2: Double, epsilon: Double)

  /// PyTorch's defaults: β 0.9 and 0.999, ε 1e-8.
  public static let adam = adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
}
