import Common
import Networks

extension NetworkSummary {
  /// The table of layers and the totals, in at most `columns` columns if possible (80 suffice for
  /// usual sizes).
  ///
  /// A wide table adds each layer's share of parameters and MACs; a narrow one abbreviates
  /// depthwise to "dwise", as the V2 paper does.
  package func text(columns: Int) -> String {
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
        Format.percent(Double(part) / Double(max(whole, 1)))
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
      table.add([label(ofLayer: index), operation, layer.output.text] + numbers(layer.cost))
    }
    table.addRule()
    table.add(["total", "", ""] + numbers(total))
    return table
  }

  /// A layer's name indented below its block's; the parts of a gate are indented once more.
  private func label(ofLayer index: Int) -> String {
    let layer = layers[index]
    guard let outer = layer.block else { return layer.name }
    let inner = layer.name.dropFirst(outer.count + 1)
    let gate = layers[index...].prefix { $0.block == outer }.first {
      layer.name.hasPrefix($0.name + ".")
    }
    if let gate, gate.name != outer { return "    " + layer.name.dropFirst(gate.name.count + 1) }
    return "  " + (inner.isEmpty ? "(output)" : inner)
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
    bytes.add(["total, about", Format.bytes(memory.total)])
    return table.text + "\n" + bytes.text
  }

  /// The summary as JSON; shapes are `[channels, height, width]`.
  package var json: JSON {
    func counts(_ cost: Cost) -> JSON {
      [
        "params": .integer(cost.params), "macs": .integer(cost.macs),
        "flops": .integer(cost.flops), "thop_macs": .integer(cost.thopMacs),
      ]
    }
    let rows = layers.map { layer in
      [
        "name": .string(layer.name), "operation": .string(layer.operation),
        "output_shape": layer.output.json,
      ] + counts(layer.cost)
    }
    let start: JSON = [
      "model": .string(network.name), "width": .number(network.width),
      "resolution": .integer(resolution), "classes": .integer(network.classes),
      "channels": .string(rounding.rawValue), "batch_size": .integer(batchSize),
    ]
    return .listing("summary") + start + counts(total) + [
      "activation_bytes": .integer(memory.activations),
      "gradient_bytes": .integer(memory.gradients),
      "parameter_bytes": .integer(memory.parameters), "memory_bytes": .integer(memory.total),
      "layers": .array(rows),
    ]
  }
}

extension Shape {
  /// `16×112×112`: channels, height, width.
  var text: String { "\(channels)×\(height)×\(width)" }
  /// `[16, 112, 112]`.
  var json: JSON { .array([channels, height, width].map(JSON.integer)) }
}
