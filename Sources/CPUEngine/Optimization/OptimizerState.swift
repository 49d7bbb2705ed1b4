import Common
import Engine
import Networks
import Weights

/// An optimizer's state between steps.
struct OptimizerState {
  /// An array with the layout of the parameters.
  struct Slot {
    var kind: OptimizerSlot
    var values: FloatBuffer

    func name(of spec: ParameterSpec) -> String { "optimizer.\(kind.name).\(spec.name)" }
  }

  var step = 0
  let slots: [Slot]

  init(_ optimizer: any Optimizer, count: Int) {
    slots = optimizer.slots.map { kind in
      let values = FloatBuffer(count: count)
      values.start.update(repeating: kind.initial, count: count)
      return Slot(kind: kind, values: values)
    }
  }

  var byteCount: Int { slots.reduce(0) { $0 + $1.values.count * MemoryLayout<Float>.stride } }

  /// The state of the given parameters, laid out as in `store`.
  func export(_ specs: [ParameterSpec], from store: ParameterStore) -> [NamedTensor] {
    let number = NamedTensor(name: "optimizer.step", shape: [], values: .int64([Int64(step)]))
    return [number]
      + specs.flatMap { spec in
        slots.map {
          NamedTensor(
            name: $0.name(of: spec), shape: spec.shape,
            values: .float32(store.read(spec, from: $0.values)))
        }
      }
  }

  /// Loads what `export` returned; throws if it belongs to another network or optimizer.
  mutating func load(
    _ tensors: [NamedTensor], _ specs: [ParameterSpec], into store: ParameterStore,
    from source: String
  ) throws(SweepError) {
    var expected = [NamedTensor.Expected(name: "optimizer.step", shape: [], isInteger: true)]
    for spec in specs {
      expected += slots.map { .init(name: $0.name(of: spec), shape: spec.shape) }
    }
    try NamedTensor.check(tensors, against: expected, source: source)
    let byName = tensors.byName
    if case .int64(let number)? = byName["optimizer.step"]?.values { step = Int(number.first ?? 0) }
    for spec in specs {
      for slot in slots {
        if let values = byName[slot.name(of: spec)]?.floats {
          store.write(values, spec, to: slot.values)
        }
      }
    }
  }
}

extension ParameterStore {
  /// The parameters from node `first` on, one group per tensor in memory order.
  func groups(fromNode first: Int) -> [ParameterGroup] {
    let starts = specs.filter { $0.isTrainable && $0.node >= first }.compactMap { spec in
      nodes[spec.node].flatMap { node in node.starts[spec.kind].map { (spec, node, start: $0) } }
    }.sorted { $0.start < $1.start }
    let ends = starts.dropFirst().map(\.start) + [trainable.count]
    return zip(starts, ends).map { entry, end in
      let (spec, node, start) = entry
      return ParameterGroup(
        name: spec.name, kind: spec.kind, range: start..<end, columns: node.channels,
        stride: node.stride)
    }
  }
}
