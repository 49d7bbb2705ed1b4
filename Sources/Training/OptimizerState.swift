import Common
import Networks

/// What an optimiser remembers from step to step.
struct OptimizerState {
  /// Steps taken.
  var step = 0
  /// First moments, laid out as the parameters are.
  let first: FloatBuffer
  /// Second moments.
  let second: FloatBuffer

  init(count: Int) {
    first = FloatBuffer(count: count)
    second = FloatBuffer(count: count)
  }
}

extension Trainer {
  private static let prefixes = (first: "optimizer.exp_avg.", second: "optimizer.exp_avg_sq.")

  /// The optimiser's memory: `optimizer.step` and, for each parameter, `optimizer.exp_avg.NAME` and
  /// `optimizer.exp_avg_sq.NAME` (PyTorch's names for Adam's moments).
  public func exportOptimizer() -> [NamedTensor] {
    var tensors = [
      NamedTensor(name: "optimizer.step", shape: [], values: .int64([Int64(state.step)]))
    ]
    for spec in parameters.specs where spec.isTrainable {
      for (prefix, array) in [
        (Self.prefixes.first, state.first), (Self.prefixes.second, state.second),
      ] {
        tensors.append(
          NamedTensor(
            name: prefix + spec.name, shape: spec.shape,
            values: .float32(parameters.read(spec, from: array))))
      }
    }
    return tensors
  }

  /// Takes over an optimiser's memory as `exportOptimizer` gives it; `source` names where it comes
  /// from in errors.
  public func importOptimizer(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    var expected = [NamedTensor.Expected(name: "optimizer.step", shape: [], isInteger: true)]
    let trainable = parameters.specs.filter(\.isTrainable)
    for spec in trainable {
      for prefix in [Self.prefixes.first, Self.prefixes.second] {
        expected.append(NamedTensor.Expected(name: prefix + spec.name, shape: spec.shape))
      }
    }
    try NamedTensor.check(tensors, against: expected, source: source)
    let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    if case .int64(let step)? = byName["optimizer.step"]?.values {
      state.step = Int(step.first ?? 0)
    }
    for spec in trainable {
      for (prefix, array) in [
        (Self.prefixes.first, state.first), (Self.prefixes.second, state.second),
      ] {
        if let values = byName[prefix + spec.name]?.floats {
          parameters.write(values, spec, to: array)
        }
      }
    }
  }

  /// Forgets all steps: the optimiser is as new.
  public func resetOptimizer() {
    state.step = 0
    state.first.start.update(repeating: 0, count: state.first.count)
    state.second.start.update(repeating: 0, count: state.second.count)
  }
}
