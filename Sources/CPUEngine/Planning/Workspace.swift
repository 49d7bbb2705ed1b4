import Common
import Foundation

/// Persistent floats of a model: parameters, moments, statistics.
///
/// Zero-initialized and aligned to cache lines.
final class FloatBuffer: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(64, count * MemoryLayout<Float>.stride), alignment: 64)
    start = raw.bindMemory(to: Float.self, capacity: max(16, count))
    start.update(repeating: 0, count: count)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}

/// Memory that the models of a process use in turn, for the feature maps, gradients and scratch
/// space of one step.
///
/// Nothing in it outlives a step, so it is as large as the largest model needs.
package final class Workspace: @unchecked Sendable {
  private var start: UnsafeMutableRawPointer?
  package private(set) var byteCount = 0

  package init() {}

  deinit {
    if let start { munmap(start, byteCount) }
  }

  /// Ensures that `bytes` bytes are available; throws if the system cannot provide them.
  package func prepare(_ bytes: Int) throws(SweepError) {
    guard grow(bytes) != nil else {
      throw SweepError(
        .runFailed,
        "the system refused the \(Format.bytes(bytes)) of memory that a batch needs",
        advice: "raise the limit (`ulimit -v`), or choose a smaller batch_size")
    }
  }

  /// At least `bytes` bytes of page-aligned memory; growing discards its contents.
  func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
    // Needing more than was prepared is a programming error.
    guard let memory = grow(bytes) else { preconditionFailure("cannot map \(bytes) bytes") }
    return memory
  }

  private func grow(_ bytes: Int) -> UnsafeMutableRawPointer? {
    if let start, bytes <= byteCount { return start }
    if let start { munmap(start, byteCount) }
    start = nil
    let hugePage = 2 << 20
    byteCount = (bytes + hugePage - 1) / hugePage * hugePage
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, Int32(flags), -1, 0),
      memory != MAP_FAILED
    else {
      byteCount = 0
      return nil
    }
    madvise(memory, byteCount, 14)  // MADV_HUGEPAGE: fewer misses in the translation buffer.
    start = memory
    return memory
  }
}
