import CProcessor
import Common
import Engine
import Foundation

import class CPUEngine.CPUEngine

#if SWEEP_WIDE_KERNELS
  import typealias CPUEngine16.CPUEngine16
#endif

/// Bytes of address space per thread: its stack, and the allocator's reservation.
private let addressSpaceOfThread = (8 + 64) << 20

/// The engine for training and prediction; the only place that selects one.
func makeEngine(threads: Int) -> any Engine {
  // Under `ulimit -v`, half of the rest is for images and networks.
  let rest = ProcessMemory.addressSpace.map { max(1, $0 / 2 / addressSpaceOfThread) }
  let most = min(threads, rest ?? threads)
  var engine: (any Engine)? = cpuEngine(threads: most)
  if let started = engine?.device.threads, started < most {
    // Decoding and libraries need threads too: leave them two.
    engine = nil
    Thread.sleep(forTimeInterval: 0.05)
    engine = cpuEngine(threads: max(1, started - 2))
  }
  let usable = engine ?? cpuEngine(threads: 1)
  if usable.device.threads < threads {
    Output.note(
      "sweep: the system allows \(usable.device.threads) of \(threads) threads; continuing with these\n"
    )
  }
  return usable
}

/// The engine for this processor; the results have the same bits at every vector width.
///
/// `SWEEP_VECTOR_WIDTH=8` selects the narrow vectors where AVX-512 is there too.
private func cpuEngine(threads: Int) -> any Engine {
  #if SWEEP_WIDE_KERNELS
    let width = ProcessInfo.processInfo.environment["SWEEP_VECTOR_WIDTH"]
    if processor_has_avx512() != 0, width != "8" { return CPUEngine16(threads: threads) }
  #endif
  return CPUEngine(threads: threads)
}
