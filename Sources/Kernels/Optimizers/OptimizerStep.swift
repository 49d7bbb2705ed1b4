/// What one step of an optimiser works on: parameters, their gradients, and what the optimiser
/// remembers of each.
///
/// All arrays are laid out alike. A step is one pass over them; it reads each once.
public struct OptimizerStep {
  /// The learning rate of this step.
  public var learningRate: Double
  /// Which step it is, from 1.
  public var number: Int
  /// The parameters; changed in place.
  public var parameters: UnsafeMutablePointer<Float>
  /// The gradients.
  public var gradients: UnsafePointer<Float>
  /// The optimiser's memory, an array for each of its slots; changed in place.
  public var slots: [UnsafeMutablePointer<Float>]
  /// Elements of each array, a multiple of `lanes`.
  public var count: Int
  /// The threads to run on.
  public var pool: ThreadPool

  /// A step on the given arrays.
  public init(
    learningRate: Double, number: Int, parameters: UnsafeMutablePointer<Float>,
    gradients: UnsafePointer<Float>, slots: [UnsafeMutablePointer<Float>], count: Int,
    pool: ThreadPool
  ) {
    self.learningRate = learningRate
    self.number = number
    self.parameters = parameters
    self.gradients = gradients
    self.slots = slots
    self.count = count
    self.pool = pool
  }

  /// Hands each register of parameters to `body`: the place, the parameters, and the gradients with
  /// `decay` times the parameters added; takes the new parameters from it.
  @inline(__always)
  func update(decay: Double, _ body: (_ place: Int, _ p: Vector, _ gradient: Vector) -> Vector) {
    let split = WorkSplit(rows: count, block: 4096, most: 256)
    let decay = Vector(repeating: Float(decay))
    pool.run(split.chunks) { task, _ in
      let range = split.range(of: task)
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: lanes) {
        let p = load(parameters + i)
        store(body(i, p, fma(p, decay, load(gradients + i))), parameters + i)
      }
    }
  }
}

/// An array that an optimiser keeps, with one element for each parameter.
public struct OptimizerSlot: Sendable, Equatable {
  /// PyTorch's name for it, `exp_avg`.
  public var name: String
  /// What its elements are before the first step.
  public var initial: Float = 0
}
