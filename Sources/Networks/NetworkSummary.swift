import Common

/// The layers of a network with their shapes and costs, and the memory that training takes.
public struct NetworkSummary: Sendable {
  /// One layer.
  public struct Layer: Sendable, Equatable {
    /// The module it belongs to, `feature_ext.3.res_block.1`.
    public let name: String
    /// The block it is part of, `feature_ext.3`; nil where it stands alone.
    public let block: String?
    /// What it does, `3×3 depthwise /2, ReLU6`.
    public let operation: String
    /// The shape of its output for one image.
    public let output: Shape
    /// What it costs for one image.
    public let cost: Cost
  }

  /// The network.
  public let network: Network
  /// How its channels were rounded.
  public let rounding: ChannelRounding
  /// Height and width of the input images.
  public let resolution: Int
  /// Images in a batch.
  public let batchSize: Int
  /// The layers in running order.
  public let layers: [Layer]
  /// The memory that training on one batch takes.
  public let memory: TrainingMemory

  /// The summary of `network`, built with `rounding`, for batches of `batchSize` images of
  /// `resolution × resolution`; `lanes` is how many floats a vector of the engine has.
  public init(
    _ network: Network, rounding: ChannelRounding, resolution: Int, batchSize: Int, lanes: Int = 8
  ) throws(SweepError) {
    self.network = network
    self.rounding = rounding
    self.resolution = resolution
    self.batchSize = batchSize
    let shapes = try network.shapes(resolution: resolution)
    let costs = try network.costs(resolution: resolution)
    layers = network.nodes.enumerated().map { index, node in
      Layer(
        name: node.name, block: node.block, operation: node.operation.title,
        output: shapes[index + 1],
        cost: costs[index])
    }
    memory = try network.trainingMemory(
      resolution: resolution, batchSize: batchSize, lanes: lanes)
  }

  /// The sum over the layers.
  public var total: Cost { layers.map(\.cost).reduce(.zero, +) }
<<<<<<< HEAD
}

extension Network.Operation {
  /// What it does in a few words, `3×3 depthwise /2, ReLU6`.
  package var title: String {
    switch self {
    case .unit(let unit):
      let convolution = unit.convolution
      let kind = convolution.isDepthwise ? "depthwise" : "conv"
      let stride = convolution.stride == 1 ? "" : " /\(convolution.stride)"
      return "\(convolution.kernelSize)×\(convolution.kernelSize) \(kind)\(stride)"
        + unit.activation.suffix
    case .join(let activation): return "add" + activation.suffix
    case .scale: return "scale"
    case .globalAveragePool: return "average pool"
    case .linear(let linear): return "linear" + linear.activation.suffix
    case .dropout(let probability): return "dropout \(probability)"
    }
  }
}

extension Activation {
  fileprivate var suffix: String {
    switch self {
    case .identity: ""
    case .relu: ", ReLU"
    case .relu6: ", ReLU6"
    case .leakyReLU: ", LeakyReLU"
    case .hardSwish: ", Hardswish"
    case .hardSigmoid: ", Hardsigmoid"
    }
  }
}
=======

  /// The table and the totals, in at most `columns` columns where they fit at all (80 is enough for
  /// usual sizes).
  ///
  /// Where there is room it also says how parameters and MACs are shared out; where there is little
  /// a depthwise convolution is "dwise", as in the V2 paper's tables.
  public func text(columns: Int) -> String {
    let start =
      "\(network.name): width \(network.width), resolution \(resolution), \(network.classes) classes,"
    let end = "channels \"\(rounding.rawValue)\"\n\n"
    let title = start + (start.count + end.count - 1 <= columns ? " " : "\n  ") + end
    let tables = [(isWide: true, isShort: false), (false, false), (false, true)].map(table)
    let fitting = tables.first { $0.width <= columns } ?? tables[2]
    return title + fitting.text + "\n" + totals
  }

  private func table(isWide: Bool, isShort: Bool) -> TextTable {
    let total = total
    var table = TextTable(
      [
        ("layer", .left), ("operation", .left), ("output C×H×W", .left), ("params", .right),
        ("MACs", .right),
      ] + (isWide ? [("of params", .right), ("of MACs", .right)] : []))
    func numbers(_ cost: Cost) -> [String] {
      func share(_ part: Int, _ whole: Int) -> String {
        Format.fixed(100 * Double(part) / Double(max(whole, 1)), decimals: 1) + " %"
      }
      let counts = [Format.grouped(cost.params), Format.grouped(cost.macs)]
      let shares = [share(cost.params, total.params), share(cost.macs, total.macs)]
      return isWide ? counts + shares : counts
    }
    var block: String?
    for (index, layer) in layers.enumerated() {
      if let outer = layer.block, outer != block { table.add([outer]) }
      block = layer.block
      let operation =
        isShort ? layer.operation.replacing("depthwise", with: "dwise") : layer.operation
      let shape = "\(layer.output.channels)×\(layer.output.height)×\(layer.output.width)"
      table.add([label(ofLayer: index), operation, shape] + numbers(layer.cost))
    }
    table.addRule()
    table.add(["total", "", ""] + numbers(total))
    return table
  }

  /// A layer's name below that of its block; parts of a gate, which end in the gate itself, below
  /// each other.
  private func label(ofLayer index: Int) -> String {
    let layer = layers[index]
    guard let outer = layer.block else { return layer.name }
    let inner = layer.name.dropFirst(outer.count + 1)
    let gate = layers[index...].prefix { $0.block == outer }.first {
      layer.name.hasPrefix($0.name + ".")
    }
    if let gate, gate.name != outer { return "    " + layer.name.dropFirst(gate.name.count + 1) }
    return "  " + (inner.isEmpty ? "(add)" : inner)
  }

  private var totals: String {
    let total = total
    var table = TextTable([("totals, one image", .left), ("", .right)])
    table.add(["parameters", Format.grouped(total.params)])
    table.add(["MACs", Format.grouped(total.macs)])
    table.add(["FLOPs (2 a MAC)", Format.grouped(total.flops)])
    if let thopMacs = total.thopMacs { table.add(["thop_macs", Format.grouped(thopMacs)]) }
    var bytes = TextTable([("training memory, batch \(batchSize)", .left), ("", .right)])
    bytes.add(["feature maps", Format.bytes(memory.activations)])
    bytes.add(["their gradients", Format.bytes(memory.gradients)])
    bytes.add(["weights, gradients, moments", Format.bytes(memory.parameters)])
    bytes.add(["together, about", Format.bytes(memory.total)])
    return table.text + "\n" + bytes.text
  }

  /// The same for scripts; shapes are `[channels, height, width]`.
  public var json: JSON {
    func members(_ cost: Cost) -> [JSON.Member] {
      [
        .init("params", .integer(cost.params)), .init("macs", .integer(cost.macs)),
        .init("flops", .integer(cost.flops)), .init("thop_macs", .integer(cost.thopMacs)),
      ]
    }
    let rows = layers.map { layer in
      let shape = [layer.output.channels, layer.output.height, layer.output.width]
      return JSON.object(
        [
          .init("name", .string(layer.name)), .init("operation", .string(layer.operation)),
          .init("output_shape", .array(shape.map(JSON.integer))),
        ] + members(layer.cost))
    }
    return .object(
      [
        .init("model", .string(network.name)), .init("width", .number(network.width)),
        .init("resolution", .integer(resolution)), .init("classes", .integer(network.classes)),
        .init("channels", .string(rounding.rawValue)), .init("batch_size", .integer(batchSize)),
      ] + members(total) + [
        .init("activation_bytes", .integer(memory.activations)),
        .init("gradient_bytes", .integer(memory.gradients)),
        .init("parameter_bytes", .integer(memory.parameters)),
        .init("memory_bytes", .integer(memory.total)), .init("layers", .array(rows)),
      ])
  }
}
>>>>>>> a3652c2 (Give each operation, activation and block one file, and make every network valid)
