import Common
import Foundation

/// Makes PNG files of SVG files, by librsvg's `rsvg-convert`.
struct PictureConverter {
  /// Pixels for a unit of the drawing: sharp on a slide.
  private static let zoom = 2

  private let program: URL

  /// Looks for the program on the `PATH`; throws where it is not.
  init(searchPath: String = ProcessInfo.processInfo.environment["PATH", default: ""])
    throws(SweepError)
  {
    let name = "rsvg-convert"
    let candidates = searchPath.split(separator: ":").map { "\($0)/\(name)" }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw SweepError(
        .usage, at: "--png", "needs the program \(name), which is not on the PATH",
        advice: "install it (Debian: apt-get install librsvg2-bin), or use the SVG files")
    }
    program = URL(fileURLWithPath: found)
  }

  /// Writes the picture in `file` to `target`.
  func convert(_ file: String, to target: String) throws(SweepError) {
    let temporary = "\(target).\(getpid()).part"
    let process = Process()
    process.executableURL = program
    process.arguments = ["--zoom", "\(Self.zoom)", "--output", temporary, file]
    do {
      try process.run()
    } catch {
      throw SweepError(.runFailed, at: program.path, "cannot be started: \(error)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      unlink(temporary)
      throw SweepError(
        .runFailed, at: file, "\(program.path) failed with exit code \(process.terminationStatus)",
        advice: "leave --png out and convert the SVG files yourself")
    }
    try AtomicFile.move(temporary, to: target)
  }
}
