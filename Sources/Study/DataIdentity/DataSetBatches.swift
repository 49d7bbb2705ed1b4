import Common
import Engine
import Images
import Results
import Weights

package final class DataSetBatches: BatchSource {
  /// The most bytes of decoded images cached for the next epoch.
  private static let cacheBytes = 512 << 20

  package let size: DataSize
  package let fingerprint: String
  package let validationSet: ValidationSet
  package let files: String
  private let data: DataSet
  /// SHA-256 by path bytes, for each file in the list.
  private let digests: [[UInt8]: String]
  private let images: DecodedSize
  private let interrupt: Interrupt
  /// Decoding threads, limited by free memory.
  private var workers: Int
  private let cache = ImageCache(byteBudget: cacheBytes)

  /// `files` is the list of the files of `data`, and `fingerprint` its SHA-256.
  package init(
    _ data: DataSet, fingerprint: String, files: String = "", workers: Int,
    interrupt: Interrupt = Interrupt()
  ) {
    size = DataSize(data)
    self.interrupt = interrupt
    self.fingerprint = fingerprint
    self.files = files
    images = DecodedSize(data)
    self.workers = min(workers, images.count)
    self.data = data
    let list = FileManifest(parsing: files).byName
    let digests = data.splits.flatMap { folder in
      folder.samples.compactMap { sample in
        list[Array(sample.name.utf8)].map { (Array(folder.path(of: sample).utf8), $0.sha256) }
      }
    }
    self.digests = Dictionary(digests, uniquingKeysWith: { $1 })
    validationSet = ValidationSet(
      dataFingerprint: fingerprint, classes: data.classes, labels: data.val.samples.map(\.label))
  }

  package func training(
    _ group: CellGroup, epoch: Int, from step: Int
  ) throws(SweepError) -> any BatchSequence {
    sequence(
      data.training(fold: group.recipe.fold?.number), group,
      group.recipe.trainingPreprocessing(resolution: group.resolution), epoch: epoch,
      shuffle: group.recipe.shuffle, sampling: group.recipe.sampling, from: step)
  }

  /// The validation batches for the cells of a group: no augmentation, the data set's order.
  package func validation(_ group: CellGroup) throws(SweepError) -> any BatchSequence {
    evaluation(data.validation(fold: group.recipe.fold?.number), group)
  }

  package func test(_ group: CellGroup) throws(SweepError) -> (any BatchSequence)? {
    data.test.map { evaluation($0.samples, group) }
  }

  private func evaluation(
    _ samples: [ImageFolder.Sample], _ group: CellGroup
  ) -> any BatchSequence {
    sequence(
      samples, group, group.recipe.preprocessing(resolution: group.resolution), epoch: 0,
      shuffle: false, from: 0)
  }

  package var cachedBytes: Int { cache.byteCount }

  package var keptShare: Double {
    min(1, Double(Self.cacheBytes) / Double(max(1, images.totalBytes)))
  }

  package var decodingBytes: Int { workers * images.decodingBytes }

  /// The most bytes that images take: decoders and cache.
  package var mostBytes: Int { decodingBytes + min(Self.cacheBytes, images.totalBytes) }

  package func limitMemory(to bytes: Int) {
    workers = min(workers, max(1, bytes / max(1, images.decodingBytes)))
    cache.limit(to: max(0, bytes - decodingBytes))
  }

  private func sequence(
    _ samples: [ImageFolder.Sample], _ group: CellGroup, _ preprocessing: Preprocessing, epoch: Int,
    shuffle: Bool, sampling: Sampling = .all, from step: Int
  ) -> any BatchSequence {
    let recipe = group.recipe
    return StreamedBatches(
      BatchStream(
        paths: samples.map(data.train.path), labels: samples.map(\.label),
        preprocessing: preprocessing,
        seed: UInt64(group.seed), epoch: epoch, batchSize: recipe.batchSize, shuffle: shuffle,
        sampling: sampling, startStep: step, workers: workers, cache: cache,
        decode: { [digests] path throws(SweepError) in
          // Throws if the image changed since the list was made.
          guard let digest = digests[Array(path.utf8)] else { return try Image(contentsOf: path) }
          return try Image(contentsOf: path, sha256: digest)
        },
        isInterrupted: { [interrupt] in interrupt.isRequested }),
      seed: UInt64(group.seed), epoch: epoch)
  }
}

extension DataSize {
  package init(_ data: DataSet) {
    self.init(data, fold: nil)
    folds = (0..<(data.folds?.count ?? 0)).map { DataSize(data, fold: $0) }
  }

  private init(_ data: DataSet, fold: Int?) {
    let training = data.training(fold: data.folds == nil ? nil : fold ?? 0)
    self.init(
      classes: data.classes.count, trainImages: training.count,
      valImages: data.validation(fold: data.folds == nil ? nil : fold ?? 0).count,
      classImages: training.reduce(into: Array(repeating: 0, count: data.classes.count)) {
        $0[Int($1.label)] += 1
      })
  }
}

private final class StreamedBatches: BatchSequence {
  private let stream: BatchStream
  private let seed: UInt64
  private let epoch: Int

  init(_ stream: BatchStream, seed: UInt64, epoch: Int) {
    self.stream = stream
    self.seed = seed
    self.epoch = epoch
  }

  var isReady: Bool { stream.isReady }

  func notify(_ wake: @escaping @Sendable () -> Void) { stream.notify(wake) }

  func next() throws(SweepError) -> ImageBatch? {
    guard let batch = try stream.next() else { return nil }
    return ImageBatch(
      batch, keys: SampleKeys(seed: seed, epoch: epoch, samples: batch.samples))
  }
}

extension Batch: PixelStorage {}

extension ImageBatch {
  /// Wraps a batch whose memory returns to the stream when its last copy is released.
  init(_ batch: Batch, keys: SampleKeys? = nil) {
    self.init(storage: batch, resolution: batch.resolution, labels: batch.labels, keys: keys)
  }
}
