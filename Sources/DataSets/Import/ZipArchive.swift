import Common
import Foundation

/// A zip file, read with the program `unzip` (Info-ZIP).
struct ZipArchive {
  let path: String
  var commands: any CommandRunner = SystemCommands()

  /// Extracts everything into the new folder `target`.
  ///
  /// Throws `.badInput` before writing if an entry is outside that folder. Also throws if the zip
  /// contains a link or is damaged; the caller must then remove the folder.
  func unpack(to target: String) throws(SweepError) {
    // Compare bytes: `/` and a following combining mark are one Character, and so are "\r\n".
    for name in try run(["-Z1", path]).utf8.split(separator: UInt8(ascii: "\n")) {
      let parts = name.split(
        omittingEmptySubsequences: false,
        whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") })
      guard parts.first?.isEmpty == false, !parts.contains(where: { $0.elementsEqual("..".utf8) })
      else {
        throw SweepError(
          .badInput, at: path,
          "the zip contains a path outside its folder: \(String(decoding: name, as: UTF8.self))",
          advice: "nothing was unpacked; download the zip again")
      }
    }
    try Folder.create(target)
    // Never prompt: the password is empty, and nothing is overwritten.
    _ = try run(["-q", "-n", "-P", "", path, "-x", "__MACOSX/*", "-d", target], into: target)
    try refuseLinks(in: target)
  }

  /// A link in the zip could import files from elsewhere on this machine.
  private func refuseLinks(in folder: String) throws(SweepError) {
    let files = FileManager.default.enumerator(atPath: folder)
    while let name = files?.nextObject() as? String {
      if files?.fileAttributes?[.type] as? FileAttributeType == .typeSymbolicLink {
        throw SweepError(
          .badInput, at: path, "the zip contains a link: \(name)",
          advice: "unpack it yourself and import the folder")
      }
    }
  }

  /// The output of `unzip` with the given arguments, which extract into `target`.
  private func run(_ arguments: [String], into target: String = "") throws(SweepError) -> String {
    guard let result = try commands.run("unzip", arguments) else {
      throw SweepError(
        .badInput, at: path, "the program unzip is not installed",
        advice:
          "install it (apt-get install unzip), or unpack the zip yourself and import the folder")
    }
    // See the exit codes in unzip(1), "DIAGNOSTICS".
    switch result.code {
    case 0, 1: return result.output  // 1 is a warning.
    case 50: throw .system(ENOSPC, at: target, "cannot unpack the zip")
    case 4...8: throw .system(ENOMEM, at: path, "cannot unpack the zip")
    case 130, 143, 80:
      throw SweepError(.interrupted, at: path, "interrupted while the zip was unpacked")
    default:
      // The archive's name comes first, in brackets or before a colon.
      let reason = (result.errors + "\n" + result.output).split(separator: "\n").lazy
        .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        .first { !$0.isEmpty && !$0.hasPrefix("[") }
      throw SweepError(
        .badInput, at: path, "cannot read the zip" + (reason.map { " (unzip says: \($0))" } ?? ""),
        advice: "download it again, or unpack it yourself and import the folder")
    }
  }
}
