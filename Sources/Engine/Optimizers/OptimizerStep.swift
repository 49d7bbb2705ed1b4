/// Runs `body` for each index below `count`, several at once, and waits for all of them.
package typealias ParallelFor = (_ count: Int, _ body: (_ index: Int) -> Void) -> Void

/// Updates are elementwise, so the vector width does not affect results.
typealias Vector = SIMD8<Float>

/// One optimizer step in host memory: parameters, gradients and optimizer state.
///
/// All arrays have the same layout. A step is one pass that reads and writes each element at most
/// once; memory bandwidth is the bottleneck.
package struct OptimizerStep {
  package var learningRate: Double
  /// The number of this step, from 1.
  package var number: Int
  /// The parameters, updated in place.
  package var parameters: UnsafeMutablePointer<Float>
  package var gradients: UnsafePointer<Float>
  /// The optimizer's state, one array per slot, updated in place.
  package var slots: [UnsafeMutablePointer<Float>]
  /// The parameters to update, in memory order; range bounds are multiples of 8.
  package var groups: [ParameterGroup]
  package var parallel: ParallelFor

  package init(
    learningRate: Double, number: Int, parameters: UnsafeMutablePointer<Float>,
    gradients: UnsafePointer<Float>, slots: [UnsafeMutablePointer<Float>],
    groups: [ParameterGroup], parallel: @escaping ParallelFor
  ) {
    self.learningRate = learningRate
    self.number = number
    self.parameters = parameters
    self.gradients = gradients
    self.slots = slots
    self.groups = groups
    self.parallel = parallel
  }

  /// Calls `body` with the index, parameters and gradients of each vector, and stores the
  /// parameters that it returns.
  ///
  /// Weight decay is applied first: decay · parameters is added to the gradients, or if it
  /// `isDecoupled`, learning rate · decay · parameters is subtracted from the parameters.
  @inline(__always)
  func update(
    _ decay: WeightDecay, isDecoupled: Bool = false,
    _ body: (_ place: Int, _ p: Vector, _ gradient: Vector) -> Vector
  ) {
    let parts = parts(decay)
    parallel(parts.count) { index in
      let (range, decay) = parts[index]
      let added = Vector(repeating: isDecoupled ? 0 : Float(decay))
      let kept = Vector(repeating: Float(isDecoupled ? 1 - learningRate * decay : 1))
      for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Vector.scalarCount) {
        let p = load(parameters + i)
        store(body(i, p * kept, fma(p, added, load(gradients + i))), parameters + i)
      }
    }
  }

  /// Ranges of equal weight decay, small enough to distribute over threads.
  private func parts(_ decay: WeightDecay) -> [(range: Range<Int>, decay: Double)] {
    var merged: [(range: Range<Int>, decay: Double)] = []
    for group in groups {
      let value = decay[group.kind]
      if let last = merged.last, last.range.upperBound == group.range.lowerBound,
        last.decay == value
      {
        merged[merged.count - 1].range = last.range.lowerBound..<group.range.upperBound
      } else {
        merged.append((group.range, value))
      }
    }
    return merged.flatMap { range, decay in chunks(of: range).map { ($0, decay) } }
  }
}

/// Splits a range into at most 256 chunks of whole 4096-element blocks, depending only on its
/// length, so that sums over chunks do not depend on the number of threads.
func chunks(of range: Range<Int>) -> [Range<Int>] {
  let blocks = (range.count + 4095) / 4096
  let size = max(1, (blocks + 255) / 256) * 4096
  return Swift.stride(from: range.lowerBound, to: range.upperBound, by: size).map {
    $0..<min(range.upperBound, $0 + size)
  }
}

@inline(__always) func load(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always) func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always) func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}

/// a · b + c with one rounding.
@inline(__always) func fma(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  c.addingProduct(a, b)
}
