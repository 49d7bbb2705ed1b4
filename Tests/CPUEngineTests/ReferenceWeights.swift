import Foundation

/// A tensor by formula, equal to the bit to that of Tests/reference/formula.py, which describes the
/// formula.
///
/// `shape` is in PyTorch's order. The end of the name tells what the tensor is; a name without a
/// known ending is a batch of images, `[n, c, h, w]`. `num_batches_tracked` is 0.
func referenceTensor(name: String, shape: [Int]) -> [Float] {
  let count = shape.reduce(1, *)
  let ending = name.split(separator: ".").last ?? ""
  if ending == "num_batches_tracked" { return [Float](repeating: 0, count: count) }
  let values = uniform(name, count: count)
  switch (ending, shape.count) {
  case ("weight", 4): return scaled(values, by: (6 / Double(shape[1] * shape[2] * shape[3])))
  case ("weight", 2): return scaled(values, by: 3 / Double(shape[1]))
  case ("weight", _), ("running_var", _): return values.map { 1 + $0 * 0.25 }
  case ("bias", _), ("running_mean", _): return values.map { $0 * 0.25 }
  default: return images(name, shape: shape, noise: values)
  }
}

/// How many projections stand for a tensor.
let projectionCount = 32

/// The projections through which a tensor is compared: projection k is the sum of all elements,
/// each with the sign of bit k of its hash.
func referenceProjections<Value: BinaryFloatingPoint>(name: String, values: [Value]) -> [Double] {
  var sums = SIMD32<Double>()
  let places = SIMD32<UInt64>((0..<32).map(UInt64.init))
  let start = fnv1a("\(name).projection")
  for (index, value) in values.enumerated() {
    // Moves each hash bit to a sign bit.
    let signs = (SIMD32(repeating: splitmix(start, index)) &>> places) &<< 63
    sums += unsafeBitCast(
      SIMD32(repeating: Double(value).bitPattern) ^ signs, to: SIMD32<Double>.self)
  }
  return sums.indices.map { sums[$0] }
}

/// Numbers in [-1, 1) that belong to no reference tensor.
func noise(_ name: String, count: Int) -> [Double] {
  uniform("\(name).noise", count: count).map(Double.init)
}

/// Blocks of 8 × 8 pixels with some noise.
private func images(_ name: String, shape: [Int], noise: [Float]) -> [Float] {
  let (planes, height, width) = (shape[0] * shape[1], shape[2], shape[3])
  let (down, across) = ((height + 7) / 8, (width + 7) / 8)
  let blocks = uniform("\(name).blocks", count: planes * down * across)
  var result = noise
  for index in result.indices {
    let (plane, row, column) = (index / (height * width), index / width % height, index % width)
    let block = blocks[(plane * down + row / 8) * across + column / 8]
    result[index] = noise[index] * 0.5 + block * 2
  }
  return result
}

private func scaled(_ values: [Float], by square: Double) -> [Float] {
  let amplitude = Float(square.squareRoot())
  return values.map { $0 * amplitude }
}

/// Numbers in [-1, 1) of 24 bits.
private func uniform(_ name: String, count: Int) -> [Float] {
  let start = fnv1a(name)
  return (0..<count).map { Float(splitmix(start, $0) >> 40) * 0x1p-23 - 1 }
}

private func fnv1a(_ text: String) -> UInt64 {
  text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

private func splitmix(_ start: UInt64, _ index: Int) -> UInt64 {
  var z = start &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
  z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
  return z ^ z >> 31
}
