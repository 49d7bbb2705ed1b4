import CPUEngine
import Common
import Engine
import Foundation

/// Bytes of address space that a thread takes: its stack, and what the allocator reserves for it.
private let addressSpaceOfThread = (8 + 64) << 20

/// The engine that commands train and predict with: the only place that names one.
func makeEngine(threads: Int) -> any Engine {
  // Under `ulimit -v` half of the rest is for images and networks.
  let rest = ProcessMemory.addressSpace.map { max(1, $0 / 2 / addressSpaceOfThread) }
  let most = min(threads, rest ?? threads)
  var engine: CPUEngine? = CPUEngine(threads: most)
  if let started = engine?.device.threads, started < most {
    // Decoding and libraries need threads too: give up two of those that there are.
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
