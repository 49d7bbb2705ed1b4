/// Resizes by bilinear interpolation with antialiasing: torchvision's `resize` on PIL images.
///
/// The filter is a triangle that is widened when the image shrinks. The image is filtered in one
/// direction, rounded to 8 bits, and filtered in the other, with weights in 22-bit fixed point. A
/// direction whose size does not change is skipped. The horizontal pass comes first unless the
/// image loses more than twice as many rows as columns (Pillow 13's order).
struct Resize: ImageOperation, Equatable {
  let height, width: Int

  /// Height and width are at least 1.
  init(height: Int, width: Int) { (self.height, self.width) = (height, width) }
  init(resolution: Int) { self.init(height: resolution, width: resolution) }

  func apply(to canvas: inout Canvas) {
    let lostRows = canvas.height - height
    let columnsFirst = lostRows > 0 && lostRows > 2 * (canvas.width - width)
    if columnsFirst { resizeColumns(of: &canvas) }
    resizeRows(of: &canvas)
    if !columnsFirst {
      resizeColumns(of: &canvas)
    }
  }

  /// The horizontal pass: each output pixel is a weighted sum of neighbors, with its four samples in
  /// one vector.
  private func resizeRows(of canvas: inout Canvas) {
    let (oldWidth, newWidth, height) = (canvas.width, width, canvas.height)
    guard oldWidth != newWidth else { return }
    let filter = TriangleFilter(from: oldWidth, to: newWidth)
    canvas.replace(width: newWidth, height: height) { old, new in
      filter.withWeights { first, count, weights, stride in
        for row in 0..<height {
          let line = UnsafeBufferPointer(rebasing: old[(row * oldWidth)..<((row + 1) * oldWidth)])
          for column in 0..<newWidth {
            var sums = SIMD4<UInt32>(repeating: half)
            let start = first[column]
            let own = column &* stride
            for tap in 0..<count[column] {
              let samples = unsafeBitCast(line[start &+ tap], to: SIMD4<UInt8>.self)
              sums &+= SIMD4<UInt32>(truncatingIfNeeded: samples) &* weights[own &+ tap]
            }
            sums &>>= 22
            let clipped = sums.replacing(with: 255, where: sums .> 255)
            let samples = SIMD4<UInt8>(truncatingIfNeeded: clipped)
            new[row &* newWidth &+ column] = unsafeBitCast(samples, to: UInt32.self)
          }
        }
      }
    }
  }

  /// The vertical pass: each output row is a weighted sum of input rows, byte by byte.
  private func resizeColumns(of canvas: inout Canvas) {
    let (oldHeight, newHeight, width) = (canvas.height, height, canvas.width)
    guard oldHeight != newHeight else { return }
    let filter = TriangleFilter(from: oldHeight, to: newHeight)
    canvas.replace(width: width, height: newHeight) { old, new in
      let source = UnsafeRawBufferPointer(old).bindMemory(to: UInt8.self)
      let target = UnsafeMutableRawBufferPointer(new).bindMemory(to: UInt8.self)
      let bytes = 4 * width
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: bytes) { sums in
        filter.withWeights { first, count, weights, stride in
          for row in 0..<newHeight {
            sums.update(repeating: half)
            for tap in 0..<count[row] {
              let weight = weights[row * stride + tap]
              let line = UnsafeBufferPointer(rebasing: source[((first[row] + tap) * bytes)...])
              for index in 0..<bytes {
                sums[index] &+= UInt32(line[index]) &* weight
              }
            }
            let line = UnsafeMutableBufferPointer(rebasing: target[(row * bytes)...])
            for index in 0..<bytes {
              line[index] = UInt8(truncatingIfNeeded: min(sums[index] >> 22, 255))
            }
          }
        }
      }
    }
  }
}

private let half: UInt32 = 1 << 21

/// The input pixels that contribute to each output pixel, with weights in 22-bit fixed point.
private struct TriangleFilter {
  private var first: [Int] = []
  private var count: [Int] = []
  private var weights: [UInt32]
  private let stride: Int

  /// Computes the weights like Pillow's `precompute_coeffs`.
  init(from oldSize: Int, to newSize: Int) {
    let scale = Double(oldSize) / Double(newSize)
    let support = max(scale, 1)
    let inverse = 1 / support
    stride = Int(support.rounded(.up)) * 2 + 1
    weights = [UInt32](repeating: 0, count: newSize * stride)
    var shares: [Double] = []
    for pixel in 0..<newSize {
      let center = (Double(pixel) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), oldSize)
      shares.removeAll(keepingCapacity: true)
      var sum = 0.0
      for neighbor in start..<end {
        let share = max(1 - abs((Double(neighbor) - center + 0.5) * inverse), 0)
        shares.append(share)
        sum += share
      }
      for (tap, share) in shares.enumerated() {
        weights[pixel * stride + tap] = UInt32(0.5 + (sum != 0 ? share / sum : share) * 0x1p22)
      }
      first.append(start)
      count.append(end - start)
    }
  }

  func withWeights(
    _ body: (
      _ first: UnsafeBufferPointer<Int>, _ count: UnsafeBufferPointer<Int>,
      _ weights: UnsafeBufferPointer<UInt32>, _ stride: Int
    ) -> Void
  ) {
    first.withUnsafeBufferPointer { first in
      count.withUnsafeBufferPointer { count in
        weights.withUnsafeBufferPointer { body(first, count, $0, stride) }
      }
    }
  }
}
