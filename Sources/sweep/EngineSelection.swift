import CPUEngine
import Common
import Engine
import Foundation

/// Bytes of address space per thread: its stack, and the allocator's reservation.
private let addressSpaceOfThread = (8 + 64) << 20

/// The engine for training and prediction; the only place that selects one.
func makeEngine(threads: Int) -> any Engine {
  // Under `ulimit -v`, half of the rest is for images and networks.
  let rest = ProcessMemory.addressSpace.map { max(1, $0 / 2 / addressSpaceOfThread) }
  let most = min(threads, rest ?? threads)
  var engine: CPUEngine? = CPUEngine(threads: most)
  if let started = engine?.device.threads, started < most {
    // Decoding and libraries need threads too: leave them two.
    engine = nil
    Thread.sleep(forTimeInterval: 0.05)
    engine = CPUEngine(threads: max(1, started - 2))
  }
  let usable = engine ?? CPUEngine(threads: 1)
  if usable.device.threads < threads {
    Output.note(
      "sweep: the system allows \(usable.device.threads) of \(threads) threads; continuing with these\n"
    )
  }
  return usable
}
