import Common

/// The disk space of an experiment and the memory of the program, in bytes.
package struct ResourceUsage: Sendable {
  private let disk, memory: Int
  private let freeDisk, freeMemory: Int?

  package init(disk: Int, freeDisk: Int?, memory: Int, freeMemory: Int?) {
    (self.disk, self.memory) = (disk, memory)
    (self.freeDisk, self.freeMemory) = (freeDisk, freeMemory)
  }

  /// Measures an experiment whose weights are in `folder`, and this process.
  package init(folder: String) {
    self.init(
      disk: Folder.bytes(of: folder), freeDisk: FreeSpace.bytes(at: folder),
      memory: ProcessMemory.resident, freeMemory: ProcessMemory.available)
  }

  var phrases: [String] {
    [("disk", disk, freeDisk), ("memory", memory, freeMemory)].map { name, used, free in
      "\(name): \(Format.bytes(used))" + (free.map { ", \(Format.bytes($0)) free" } ?? "")
    }
  }
}
