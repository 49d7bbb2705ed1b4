import Common
import Foundation
import Synchronization
import Testing

@testable import Images

@Suite(.timeLimit(.minutes(2))) struct BatchStreamTests {
  static let preprocessing = makePreprocessing(resolution: 12)

  static func makePreprocessing(resolution: Int) -> Preprocessing {
    let augmentations: [any Augmentation]? = try? [
      RandomHorizontalFlip(parameters: [:]),
      ColorJitter(parameters: ["brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1]),
      RandomAffine(parameters: [
        "degrees": [30, 70], "translate": [0.1, 0.3], "scale": [0.5, 0.75],
      ]),
    ]
    return Preprocessing(
      augmentations: augmentations ?? [], resolution: resolution,
      normalize: Normalize(
        mean: SIMD3(0.5177, 0.5003, 0.4126), standardDeviation: SIMD3(0.2133, 0.2130, 0.2149)))
  }

  @Test("The preprocessing that these tests use augments")
  func augments() {
    #expect(Self.preprocessing.augmentations.count == 3)
  }

  static let paths = (0..<23).map { "images/\($0).png" }
  static let labels = (0..<23).map { Int32($0 * 7 % 10) }

  /// Stands for a file: a picture that is its path's alone.
  static func draw(_ path: String) -> Image {
    let number = Int(path.filter(\.isNumber)) ?? 0
    var random = CounterRandom(seed: 1, purpose: .synthesis, sample: UInt32(number))
    let (width, height) = (9 + number, 30 - number)
    return Image(
      width: width, height: height,
      pixels: (0..<(width * height * 3)).map { _ in UInt8(random.below(256)) })
  }

  struct Contents: Equatable {
    var labels: [Int32]
    var pixels: [Float]
  }

  static func stream(
    _ preprocessing: Preprocessing = Self.preprocessing, seed: UInt64 = 3, epoch: Int = 2,
    shuffle: Bool = true, startStep: Int = 0, workers: Int = 2, ahead: Int = 2,
    cache: ImageCache? = nil,
    decode: @escaping @Sendable (String) throws(SweepError) -> Image = { path in draw(path) },
    start: (@escaping @Sendable () -> Void) -> Int32 = Threads.start
  ) -> BatchStream {
    BatchStream(
      paths: paths, labels: labels, preprocessing: preprocessing, seed: seed, epoch: epoch,
      batchSize: 5, shuffle: shuffle, startStep: startStep, workers: workers, ahead: ahead,
      cache: cache, decode: decode, start: start)
  }

  static func contents(_ stream: BatchStream) throws -> [Contents] {
    var all: [Contents] = []
    while let batch = try stream.next() {
      all.append(Contents(labels: batch.labels, pixels: batch.withPixels { Array($0) }))
    }
    return all
  }

  @Test("Every batch holds the same bits whatever the number of threads", arguments: 1...5)
  func threadsDoNotMatter(workers: Int) throws {
    let one = try Self.contents(Self.stream(workers: 1, ahead: 1))
    let many = try Self.contents(Self.stream(workers: workers, ahead: workers))
    #expect(one == many)
    #expect(one.map(\.labels.count) == [5, 5, 5, 5, 3])
    #expect(one.map(\.pixels.count) == [5, 5, 5, 5, 3].map { $0 * 12 * 12 * 3 })
  }

  @Test("A batch holds each image as the chain makes it, in the epoch's order")
  func batchesHoldTheChainsResult() throws {
    let order = BatchStream.order(count: 23, seed: 3, epoch: 2, shuffle: true)
    let batches = try Self.contents(Self.stream())
    #expect(batches.flatMap(\.labels) == order.map { Self.labels[$0] })
    var canvas = Canvas()
    var expected = [Float](repeating: 0, count: Self.preprocessing.elementCount)
    for (position, sample) in order.enumerated() {
      try Self.preprocessing.run(
        Self.draw(Self.paths[sample]), seed: 3, epoch: 2, sample: sample, on: &canvas,
        to: &expected)
      let start = position % 5 * expected.count
      let pixels = batches[position / 5].pixels[start..<(start + expected.count)]
      #expect(Array(pixels) == expected)
    }
  }

  @Test("A stream that starts in mid-epoch goes on with the same batches", arguments: 0...6)
  func startsInMidEpoch(step: Int) throws {
    let whole = try Self.contents(Self.stream())
    let rest = try Self.contents(Self.stream(startStep: step))
    #expect(rest == Array(whole.dropFirst(step)))
  }

  @Test("An epoch visits every sample once; seeds and epochs order them differently")
  func orders() {
    let order = BatchStream.order(count: 100, seed: 3, epoch: 2, shuffle: true)
    #expect(order.sorted() == Array(0..<100))
    #expect(order == BatchStream.order(count: 100, seed: 3, epoch: 2, shuffle: true))
    #expect(order != BatchStream.order(count: 100, seed: 3, epoch: 3, shuffle: true))
    #expect(order != BatchStream.order(count: 100, seed: 4, epoch: 2, shuffle: true))
    #expect(BatchStream.order(count: 4, seed: 3, epoch: 2, shuffle: false) == [0, 1, 2, 3])
  }

  @Test("Augmentation depends on seed and epoch; without it, batches do not")
  func augmentationKeys() throws {
    let pixels = { (stream: BatchStream) in try Self.contents(stream).map(\.pixels) }
    let base = try pixels(Self.stream(shuffle: false))
    #expect(try base != pixels(Self.stream(epoch: 3, shuffle: false)))
    #expect(try base != pixels(Self.stream(seed: 4, shuffle: false)))
    let plain = Preprocessing(
      resolution: Self.preprocessing.resolution, normalize: Self.preprocessing.normalize)
    let validation = try pixels(Self.stream(plain, shuffle: false))
    #expect(try validation == pixels(Self.stream(plain, seed: 9, epoch: 7, shuffle: false)))
    #expect(validation != base)
  }

  @Test("What is drawn does not depend on the resolution")
  func resolutionDoesNotMatter() throws {
    // Pictures of one color keep that color under flip and jitter whatever their size, so it
    // shows in the mean which factors were drawn; without the affine step all pixels are alike.
    let jitter = try ColorJitter(parameters: ["brightness": 0.4, "saturation": 0.4, "hue": 0.1])
    func means(resolution: Int) throws -> [Float] {
      let chain = Preprocessing(
        augmentations: [jitter], resolution: resolution, normalize: Self.preprocessing.normalize)
      let stream = Self.stream(chain) { path in
        let number = UInt8(path.filter(\.isNumber)) ?? 0
        let color: [UInt8] = [100 &+ number, 150, 120 &- number]
        return Image(width: 8, height: 8, pixels: (0..<192).map { color[$0 % 3] })
      }
      return try Self.contents(stream).flatMap { batch in
        stride(from: 0, to: batch.pixels.count, by: chain.elementCount).map { batch.pixels[$0] }
      }
    }
    #expect(try means(resolution: 4) == means(resolution: 19))
  }

  @Test(
    "A file that cannot be read is named when its batch's turn comes, and nothing hangs",
    arguments: [1, 2, 4], [0, 6, 22])
  func decodeErrorsSurface(workers: Int, failing: Int) throws {
    let stream = Self.stream(shuffle: false, workers: workers) { path throws(SweepError) in
      if path == Self.paths[failing] {
        throw SweepError(.badInput, at: path, "the file is truncated")
      }
      return Self.draw(path)
    }
    for _ in 0..<(failing / 5) {
      #expect(try stream.next()?.count == 5)
    }
    for _ in 0..<2 {
      let error = #expect(throws: SweepError.self) { try stream.next() }
      #expect(error?.location == "images/\(failing).png")
    }
  }

  @Test("Of several broken files in a batch the first in the epoch's order is named")
  func firstErrorWins() throws {
    for _ in 0..<5 {
      let stream = Self.stream(shuffle: false, workers: 4) { path throws(SweepError) in
        throw SweepError(.badInput, at: path, "the file is truncated")
      }
      let error = #expect(throws: SweepError.self) { try stream.next() }
      #expect(error?.location == "images/0.png")
    }
  }

  @Test("No more is prepared ahead than asked for", arguments: [1, 2, 3])
  func preparationIsBounded(ahead: Int) throws {
    let decoded = Mutex(0)
    let stream = Self.stream(shuffle: false, workers: 4, ahead: ahead) { path in
      decoded.withLock { $0 += 1 }
      return Self.draw(path)
    }
    let first = try #require(try stream.next())
    Thread.sleep(forTimeInterval: 0.2)
    #expect(decoded.withLock { $0 } == 5 + 5 * ahead)
    #expect(first.count == 5)
  }

  @Test("A stream that is dropped at any time ends its threads")
  func droppingEndsThreads() throws {
    for taken in [0, 1, 5] {
      let running = Mutex(0)
      var stream: BatchStream? = Self.stream(workers: 3) { path in
        running.withLock { $0 += 1 }
        Thread.sleep(forTimeInterval: 0.002)
        defer { running.withLock { $0 -= 1 } }
        return Self.draw(path)
      }
      for _ in 0..<taken {
        _ = try stream?.next()
      }
      stream = nil
      #expect(running.withLock { $0 } == 0)
    }
  }

  @Test("A batch outlives the next ones and its stream; its pixels are aligned to 64 bytes")
  func batchesAreTheirHoldersOwn() throws {
    let expected = try Self.contents(Self.stream())
    var stream: BatchStream? = Self.stream()
    var held: [Batch] = []
    while let batch = try stream?.next() {
      held.append(batch)
    }
    stream = nil
    #expect(held.map { $0.withPixels { Array($0) } } == expected.map(\.pixels))
    for batch in held {
      #expect(batch.withPixels { UInt(bitPattern: $0.baseAddress) % 64 } == 0)
    }
  }

  @Test("Cached images are decoded once, up to the budget, and the batches stay the same")
  func cache() throws {
    let expected = try Self.contents(Self.stream())
    let total = Self.paths.map { Self.draw($0).pixels.count }.reduce(0, +)
    for (budget, again) in [(0, 23...23), (total / 2, 5...18), (total, 0...0)] {
      let decoded = Mutex(0)
      let cache = ImageCache(byteBudget: budget)
      let epoch = {
        try Self.contents(
          Self.stream(cache: cache) { path in
            decoded.withLock { $0 += 1 }
            return Self.draw(path)
          })
      }
      #expect(try epoch() == expected)
      #expect(decoded.withLock { $0 } == 23)
      #expect(try epoch() == expected)
      #expect(again.contains(decoded.withLock { $0 } - 23))
      #expect(cache.byteCount <= budget)
    }
  }

  @Test("A cache keeps to a lower limit, and drops what is above it")
  func cacheLimit() throws {
    let cache = ImageCache(byteBudget: 100)
    func load(_ name: String) throws {
      _ = try cache.image(at: name) { _ in
        Image(width: 2, height: 5, pixels: Array(repeating: 0, count: 30))
      }
    }
    for name in ["a", "b", "c", "d"] { try load(name) }
    #expect(cache.byteCount == 90)
    cache.limit(to: 95)
    #expect(cache.byteCount == 90)
    cache.limit(to: 50)
    #expect(cache.byteCount == 0)
    for name in ["a", "b"] { try load(name) }
    #expect(cache.byteCount == 30)
    cache.limit(to: 1000)
    for name in ["b", "c", "d"] { try load(name) }
    #expect(cache.byteCount == 90)
  }

  @Test("Without a thread of its own a stream gives the same batches, and the same error")
  func refusedThreads() throws {
    let alone = try Self.contents(Self.stream(start: { _ in EAGAIN }))
    #expect(try alone == Self.contents(Self.stream()))
    let broken = Self.stream(
      decode: { path throws(SweepError) in throw SweepError(.badInput, at: path, "broken") },
      start: { _ in EAGAIN })
    for _ in 0..<2 { #expect(throws: SweepError.self) { _ = try broken.next() } }
  }

  @Test("An interrupt ends the wait for an image that takes long to decode")
  func interrupted() throws {
    let isInterrupted = Atomic(false)
    let stream = BatchStream(
      paths: Self.paths, labels: Self.labels, preprocessing: Self.preprocessing, seed: 3, epoch: 1,
      batchSize: 5, shuffle: false, workers: 1,
      decode: { path in
        isInterrupted.store(true, ordering: .relaxed)
        Thread.sleep(forTimeInterval: 3)
        return Self.draw(path)
      }, isInterrupted: { isInterrupted.load(ordering: .relaxed) })
    let began = ContinuousClock.now
    let error = #expect(throws: SweepError.self) { _ = try stream.next() }
    #expect(error?.kind == .interrupted)
    #expect(ContinuousClock.now - began < .seconds(2.5))
  }
}
