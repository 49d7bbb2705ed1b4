import Common
import Networks
import Weights

/// What an optimiser remembers from step to step.
struct OptimizerState {
  /// An array that is laid out as the parameters are.
  struct Slot {
    var kind: OptimizerSlot
    var values: FloatBuffer
  }

  /// Steps taken.
  var step = 0
  let slots: [Slot]

  init(_ optimizer: OptimizerSettings, count: Int) {
    slots = optimizer.slots.map { Slot(kind: $0, values: FloatBuffer(count: count)) }
    reset()
  }

  /// Makes it that of an optimiser before its first step.
  mutating func reset() {
    step = 0
    for slot in slots {
      slot.values.start.update(repeating: slot.kind.initial, count: slot.values.count)
    }
  }
}

extension Trainer {
  /// Parameters that the optimiser changes.
  private var optimised: [ParameterSpec] {
    parameters.specs.filter { $0.isTrainable && $0.node >= settings.frozenNodes }
  }

  /// The optimiser's memory: `optimizer.step` and, for each of its slots and each parameter that it
  /// changes, `optimizer.SLOT.NAME` (PyTorch's names, `optimizer.exp_avg.stem.conv_block.0.weight`).
  public func exportOptimizer() -> [NamedTensor] {
    var tensors = [
      NamedTensor(name: "optimizer.step", shape: [], values: .int64([Int64(state.step)]))
    ]
    for spec in optimised {
      for slot in state.slots {
        tensors.append(
          NamedTensor(
            name: slot.name(of: spec), shape: spec.shape,
            values: .float32(parameters.read(spec, from: slot.values))))
      }
    }
    return tensors
  }

  /// Takes over an optimiser's memory as `exportOptimizer` gives it; `source` names where it comes
  /// from in errors.
  public func importOptimizer(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    var expected = [NamedTensor.Expected(name: "optimizer.step", shape: [], isInteger: true)]
    for spec in optimised {
      expected += state.slots.map { .init(name: $0.name(of: spec), shape: spec.shape) }
    }
    try NamedTensor.check(tensors, against: expected, source: source)
    let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    if case .int64(let step)? = byName["optimizer.step"]?.values {
      state.step = Int(step.first ?? 0)
    }
    for spec in optimised {
      for slot in state.slots {
        if let values = byName[slot.name(of: spec)]?.floats {
          parameters.write(values, spec, to: slot.values)
        }
      }
    }
  }

  /// Forgets all steps: the optimiser is as new.
  public func resetOptimizer() { state.reset() }
}

extension OptimizerState.Slot {
  fileprivate func name(of spec: ParameterSpec) -> String { "optimizer.\(kind.name).\(spec.name)" }
}
