import Common
import Testing

@testable import Images

@Suite struct SamplingTests {
  /// Three classes of 4, 20 and 76 images.
  static let labels = (0..<100).map { Int32($0 < 4 ? 0 : $0 < 24 ? 1 : 2) }

  @Test("Balanced sampling draws each class alike and each of its images alike")
  func isBalanced() {
    var classes = [0, 0, 0]
    var first = [Int](repeating: 0, count: 4)
    for epoch in 1...300 {
      let order = Sampling.balanced.order(
        labels: Self.labels, seed: 3, epoch: epoch, shuffle: true)
      #expect(order.count == 100)
      for index in order {
        classes[Int(Self.labels[index % 100])] += 1
        if index % 100 < 4 { first[index % 100] += 1 }
      }
    }
    // 30,000 draws: the deviation of a class is 82, that of an image 49.
    #expect(classes.allSatisfy { abs($0 - 10_000) < 400 }, "\(classes)")
    #expect(first.allSatisfy { abs($0 - 2_500) < 250 }, "\(first)")
  }

  @Test("The draws depend on seed and epoch alone, and a repeated image gets draws of its own")
  func isReproducible() {
    func order(_ seed: UInt64, _ epoch: Int, shuffle: Bool = true) -> [Int] {
      Sampling.balanced.order(labels: Self.labels, seed: seed, epoch: epoch, shuffle: shuffle)
    }
    #expect(order(1, 1) == order(1, 1))
    #expect(order(1, 1) == order(1, 1, shuffle: false))
    #expect(order(1, 1) != order(1, 2) && order(1, 1) != order(2, 1))
    #expect(Set(order(1, 1)).count == 100)
    #expect(Set(order(1, 1).map { $0 % 100 }).count < 80)
    let all = Sampling.all.order(labels: Self.labels, seed: 1, epoch: 1, shuffle: true)
    #expect(all == BatchStream.order(count: 100, seed: 1, epoch: 1, shuffle: true))
  }

  @Test("A stream of balanced draws has the drawn images with their labels, from any step on")
  func stream() throws {
    let labels = BatchStreamTests.labels.map { $0 == 0 ? Int32(0) : 1 }
    func batches(from step: Int) throws -> [(Int, Int32, [Float])] {
      let stream = BatchStream(
        paths: BatchStreamTests.paths, labels: labels,
        preprocessing: BatchStreamTests.preprocessing, seed: 3, epoch: 2, batchSize: 5,
        shuffle: true, sampling: .balanced, startStep: step, workers: 2,
        decode: { path in BatchStreamTests.draw(path) })
      var images: [(Int, Int32, [Float])] = []
      while let batch = try stream.next() {
        let size = BatchStreamTests.preprocessing.elementCount
        let pixels = batch.withPixels { Array($0) }
        for (row, sample) in batch.samples.enumerated() {
          images.append(
            (sample, batch.labels[row], Array(pixels[(row * size)..<((row + 1) * size)])))
        }
      }
      return images
    }
    let images = try batches(from: 0)
    #expect(
      images.map(\.0)
        == Sampling.balanced.order(labels: labels, seed: 3, epoch: 2, shuffle: true))
    #expect(images.allSatisfy { $0.1 == labels[$0.0 % 23] })
    #expect(images.contains { $0.0 >= 23 })
    // The same image again in the epoch is augmented otherwise.
    let again = try #require(images.first { $0.0 >= 23 })
    let first = try #require(images.first { $0.0 == again.0 % 23 })
    #expect(first.2 != again.2)
    let rest = try batches(from: 2)
    #expect(rest.map(\.0) == images.dropFirst(10).map(\.0))
    #expect(rest.map(\.2) == images.dropFirst(10).map(\.2))
  }
}
