/// Replaces every sample by its entry in a table of 256, one table per channel: Pillow's `point`.
struct SampleTable {
  /// Tables for red, green and blue, one after the other.
  private let entries: [UInt32]

  /// One table for all channels; results are clipped to 0…255.
  init(_ entry: (Int) -> Int) {
    let table = (0..<256).map { UInt32(max(0, min(255, entry($0)))) }
    entries = table + table + table
  }

  /// The tables that `make` computes from each channel's histogram; nil leaves a channel unchanged.
  init(from canvas: Canvas, _ make: (_ histogram: [Int]) -> ((Int) -> Int)?) {
    var histogram = [Int](repeating: 0, count: 768)
    canvas.withPixels { pixels in
      histogram.withUnsafeMutableBufferPointer { counts in
        for pixel in pixels {
          counts[Int(pixel & 255)] &+= 1
          counts[256 &+ Int(pixel &>> 8 & 255)] &+= 1
          counts[512 &+ Int(pixel &>> 16 & 255)] &+= 1
        }
      }
    }
    entries = (0..<3).flatMap { channel in
      let entry = make(Array(histogram[(256 * channel)..<(256 * channel + 256)]))
      return (0..<256).map { UInt32(max(0, min(255, entry?($0) ?? $0))) }
    }
  }

  func apply(to canvas: inout Canvas) {
    entries.withUnsafeBufferPointer { table in
      canvas.withMutablePixels { pixels in
        for index in pixels.indices {
          let word = Int(pixels[index])
          pixels[index] =
            table[word & 255] | table[256 &+ (word &>> 8 & 255)] &<< 8
            | table[512 &+ (word &>> 16 & 255)] &<< 16
        }
      }
    }
  }
}

/// Keeps the highest bits of every sample: torchvision's `posterize`.
struct Posterize: ImageOperation, Equatable {
  /// The number of bits to keep, 1 to 8.
  let bits: Int

  func apply(to canvas: inout Canvas) {
    SampleTable { $0 & ~(1 << (8 - bits) - 1) }.apply(to: &canvas)
  }
}

/// Inverts the samples from a threshold on: torchvision's `solarize`.
struct Solarize: ImageOperation, Equatable {
  /// The lowest sample to invert, 0…255.
  let threshold: Double

  func apply(to canvas: inout Canvas) {
    SampleTable { Double($0) < threshold ? $0 : 255 - $0 }.apply(to: &canvas)
  }
}

/// Stretches each channel to the full range: torchvision's `autocontrast`.
struct AutoContrast: ImageOperation, Equatable {
  func apply(to canvas: inout Canvas) {
    SampleTable(from: canvas) { histogram in
      guard let low = histogram.firstIndex(where: { $0 > 0 }),
        let high = histogram.lastIndex(where: { $0 > 0 }), high > low
      else { return nil }
      let scale = 255.0 / Double(high - low)
      let offset = -Double(low) * scale
      return { Int(Double($0) * scale + offset) }
    }.apply(to: &canvas)
  }
}

/// Makes each channel's histogram even: torchvision's `equalize`.
struct Equalize: ImageOperation, Equatable {
  func apply(to canvas: inout Canvas) {
    SampleTable(from: canvas) { histogram in
      let used = histogram.filter { $0 > 0 }
      let step = (used.reduce(0, +) - (used.last ?? 0)) / 255
      guard used.count > 1, step > 0 else { return nil }
      var table: [Int] = []
      var sum = step / 2
      for count in histogram {
        table.append(sum / step)
        sum += count
      }
      return { table[$0] }
    }.apply(to: &canvas)
  }
}
