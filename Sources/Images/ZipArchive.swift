import Common
import Foundation

/// A zip file, read by the system's program `unzip` (Info-ZIP).
struct ZipArchive {
  /// Where it lies.
  let path: String

  /// Unpacks all of it into the new folder `target`.
  ///
  /// Throws `.badInput`, before anything is written, where it names a file outside that folder,
  /// and, with the folder still to be removed by the caller, where it holds a link or is damaged.
  func unpack(to target: String) throws(SweepError) {
    for name in try run(["-Z1", path]).split(separator: "\n") {
      let parts = name.split(whereSeparator: { $0 == "/" || $0 == "\\" })
      guard !name.hasPrefix("/"), !name.hasPrefix("\\"), !parts.contains("..") else {
        throw SweepError(
          .badInput, at: path, "the zip names a file outside its folder: \(name)",
          advice: "nothing was unpacked; get the zip anew from its maker")
      }
    }
    try FileContents.makeFolder(target)
    // Never asks: an empty password, no overwriting. Resource forks of macOS are no images.
    _ = try run(["-q", "-n", "-P", "", path, "-x", "__MACOSX/*", "-d", target])
    try refuseLinks(in: target)
  }

  /// A link in the zip could bring in what lies elsewhere on this machine.
  private func refuseLinks(in folder: String) throws(SweepError) {
    let files = FileManager.default.enumerator(atPath: folder)
    while let name = files?.nextObject() as? String {
      if files?.fileAttributes?[.type] as? FileAttributeType == .typeSymbolicLink {
        throw SweepError(
          .badInput, at: path, "the zip holds a link: \(name)",
          advice: "unpack it yourself and import the folder")
      }
    }
  }

  /// What `unzip` prints with the given arguments.
  private func run(_ arguments: [String]) throws(SweepError) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unzip"] + arguments
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    do {
      try process.run()
    } catch {
      throw SweepError(.badInput, at: path, "cannot run unzip", advice: Self.advice)
    }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // 1 says that it warned of something, and unpacked all the same.
    guard [0, 1].contains(process.terminationStatus) else {
      if process.terminationStatus == 127 {
        throw SweepError(.badInput, at: path, "unzip is not installed", advice: Self.advice)
      }
      // The archive's own name stands first, in brackets or before a colon.
      let reason = text.split(separator: "\n").lazy
        .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        .first { !$0.isEmpty && !$0.hasPrefix("[") }
      throw SweepError(
        .badInput, at: path, "cannot read the zip" + (reason.map { " (unzip says: \($0))" } ?? ""),
        advice: "download it again, or unpack it yourself and import the folder")
    }
    return text
  }

  private static let advice =
    "install it (apt-get install unzip), or unpack the zip yourself and import the folder"
}
