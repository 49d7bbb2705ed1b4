import Common

/// A table made at random from a seed: every key that there is, usual values and odd ones.
struct RandomTable {
  let text: String
  let width: Double
  let resolution: Int
  private var random: CounterRandom

  init(seed: UInt64) {
    random = CounterRandom(seed: seed, purpose: .weights)
    var draw = random
    func pick<Value>(_ values: [Value]) -> Value {
      values[Int(draw.next() % UInt32(values.count))]
    }
    func chance(_ share: Double) -> Bool { draw.uniform() < share }
    let activations = [
      #""relu6""#, #""relu""#, #""hard_swish""#, #""silu""#, #""leaky_relu""#, #""hard_sigmoid""#,
      #""identity""#, #"{"leaky_relu": 0.2}"#,
    ]
    func style(_ share: Double) -> [String] {
      var keys: [String] = []
      if chance(share) { keys.append(#""activation": \#(pick(activations))"#) }
      if chance(share / 2) {
        keys.append(#""batch_norm": \#(pick(["true", "false", #"{"eps": 0.01}"#]))"#)
      }
      if chance(share / 2) { keys.append(#""bias": \#(pick(["true", "false"]))"#) }
      if chance(share) {
        keys.append(#""padding": \#(pick([#""same""#, #""none""#, #""symmetric""#]))"#)
      }
      return keys
    }
    func inverted(_ share: Double) -> [String] {
      var keys: [String] = []
      if chance(share) {
        keys.append(#""residual": \#(pick([#""always""#, #""never""#, #""where_equal""#]))"#)
      }
      if chance(share / 2) {
        keys.append(#""expand": \#(pick([#""always""#, #""where_needed""#]))"#)
      }
      if chance(share / 2) { keys.append(#""join_activation": \#(pick(activations))"#) }
      return keys
    }
    func shape(kernels: [Int]) -> [String] {
      var keys: [String] = []
      if chance(0.7) { keys.append(#""kernel": \#(pick(kernels))"#) }
      if chance(0.5) { keys.append(#""stride": \#(pick([1, 1, 2, 2, 3, 4]))"#) }
      return keys
    }
    func channels() -> String { #""channels": \#(pick([1, 2, 3, 5, 8, 8, 9, 12, 16, 17]))"# }
    func row() -> String {
      let block = pick([
        "conv", "depthwise_separable", "inverted_residual", "inverted_residual", "max_pool",
      ])
      var keys = [#""block": "\#(block)""#]
      if chance(0.3) { keys.append(#""repeats": \#(pick([1, 2, 3]))"#) }
      if block == "max_pool" {
        keys += shape(kernels: [1, 2, 3, 4, 5])
        if chance(0.5) { keys.append(#""padding": \#(pick([#""same""#, #""none""#]))"#) }
      } else {
        keys += [channels()] + shape(kernels: [1, 3, 3, 3, 5, 7]) + style(0.3)
      }
      if block == "inverted_residual" {
        keys.append(pick([#""expansion": 2"#, #""expansion": 1"#, #""hidden": 7"#]))
        if chance(0.4) { keys.append(#""squeeze_excitation": \#(pick([1, 2, 4]))"#) }
        keys += inverted(0.5)
      }
      return "{\(keys.joined(separator: ", "))}"
    }
    var keys = [#""name": "random""#] + style(0.4) + inverted(0.3)
    let stem = [channels()] + shape(kernels: [1, 3, 3, 5]) + style(0.2)
    keys.append(#""stem": {\#(stem.joined(separator: ", "))}"#)
    let rows = (0..<pick([1, 1, 2, 3])).map { _ in row() }
    keys.append("\"stages\": [\n\(rows.joined(separator: ",\n"))]")
    if chance(0.3) {
      let tail = [channels()] + shape(kernels: [1, 1, 3]) + style(0.2)
      keys.append(#""tail": {\#(tail.joined(separator: ", "))}"#)
    }
    if chance(0.4) {
      keys.append(#""head": {"hidden": [6], "activation": \#(pick(activations))}"#)
    }
    text = "{\(keys.joined(separator: ",\n"))}"
    width = pick([1, 1, 1, 0.5, 1.3])
    resolution = pick([1, 2, 5, 8, 9, 11, 12, 13])
  }
}
