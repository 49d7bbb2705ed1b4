import Common
import Foundation

/// A zip file, read by the system's program `unzip` (Info-ZIP).
struct ZipArchive {
  let path: String
  var commands: any CommandRunner = SystemCommands()

  /// Unpacks all of it into the new folder `target`.
  ///
  /// Throws `.badInput`, before anything is written, where it names a file outside that folder,
  /// and, with the folder still to be removed by the caller, where it holds a link or is damaged.
  func unpack(to target: String) throws(SweepError) {
    // By bytes: `/` and a combining mark after it are one Character, and so are "\r\n".
    for name in try run(["-Z1", path]).utf8.split(separator: UInt8(ascii: "\n")) {
      let parts = name.split(
        omittingEmptySubsequences: false,
        whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") })
      guard parts.first?.isEmpty == false, !parts.contains(where: { $0.elementsEqual("..".utf8) })
      else {
        throw SweepError(
          .badInput, at: path,
          "the zip names a file outside its folder: \(String(decoding: name, as: UTF8.self))",
          advice: "nothing was unpacked; download the zip again")
      }
    }
    try Folder.create(target)
    // It must never ask: the password is empty, and nothing is overwritten.
    _ = try run(["-q", "-n", "-P", "", path, "-x", "__MACOSX/*", "-d", target], into: target)
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

  /// What `unzip` prints with the given arguments, which unpack into `target`.
  private func run(_ arguments: [String], into target: String = "") throws(SweepError) -> String {
    guard let result = try commands.run("unzip", arguments) else {
      throw SweepError(
        .badInput, at: path, "the program unzip is not installed",
        advice:
          "install it (apt-get install unzip), or unpack the zip yourself and import the folder")
    }
    // The exit codes stand in unzip(1), "DIAGNOSTICS".
    switch result.code {
    case 0, 1: return result.output  // 1 is a warning.
    case 50: throw .system(ENOSPC, at: target, "cannot unpack the zip")
    case 4...8: throw .system(ENOMEM, at: path, "cannot unpack the zip")
    case 130, 143, 80:
      throw SweepError(.interrupted, at: path, "interrupted while the zip was unpacked")
    default:
      // The archive's own name stands first, in brackets or before a colon.
      let reason = (result.errors + "\n" + result.output).split(separator: "\n").lazy
        .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        .first { !$0.isEmpty && !$0.hasPrefix("[") }
      throw SweepError(
        .badInput, at: path, "cannot read the zip" + (reason.map { " (unzip says: \($0))" } ?? ""),
        advice: "download it again, or unpack it yourself and import the folder")
    }
  }
}
