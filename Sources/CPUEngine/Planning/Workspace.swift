import Common
import Foundation

/// Floats that a model keeps: parameters, moments, statistics.
///
/// Zero at first, aligned to cache lines.
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

/// One large piece of memory that the models of a process take turns to use.
///
/// It holds the feature maps, gradients and scratch space of one step. Nothing in it outlives a
/// step, so it is as large as the largest model needs, not as all together.
package final class Workspace: @unchecked Sendable {
  private var start: UnsafeMutableRawPointer?
  package private(set) var byteCount = 0

  package init() {}

  deinit {
    if let start { munmap(start, byteCount) }
  }

  /// Makes sure that there are `bytes` bytes, so that a step can count on them; throws where the
  /// system does not give them.
  package func prepare(_ bytes: Int) throws(SweepError) {
    guard grow(bytes) != nil else {
      throw SweepError(
        .runFailed,
        "the system does not give the \(Format.bytes(bytes)) of memory that a batch takes",
        advice: "raise the limit (`ulimit -v`), or choose a smaller batch_size")
    }
  }

  /// At least `bytes` bytes of memory, aligned to a page; what was in it before is lost where it
  /// has to grow.
  func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
    // Where a step takes more than was prepared the caller is wrong, not the user.
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
