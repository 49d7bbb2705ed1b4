import Common
import Foundation

/// Converts SVG files to PNG with librsvg's `rsvg-convert`.
struct PictureConverter {
  /// Pixels per unit of the drawing; 2 is sharp on a slide.
  private static let zoom = 2

  private static let program = "rsvg-convert"
  private let commands: SystemCommands

  /// Finds the program on the `PATH`; throws if it is missing.
  init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(SweepError) {
    commands = SystemCommands(environment: environment)
    guard commands.path(of: Self.program) != nil else {
      throw SweepError(
        .usage, at: "--png", "needs the program \(Self.program), which is not on the PATH",
        advice: "install it (Debian: apt-get install librsvg2-bin), or use the SVG files")
    }
  }

  func convert(_ file: String, to target: String) throws(SweepError) {
    let temporary = AtomicFile.temporaryPath(for: target)
    let result = try commands.run(
      Self.program, ["--zoom", "\(Self.zoom)", "--output", temporary, file])
    guard let result, result.code == 0 else {
      unlink(temporary)
      throw SweepError(
        .runFailed, at: file, "\(Self.program) failed with exit code \(result?.code ?? 127)",
        advice: "omit --png and convert the SVG files yourself")
    }
    try AtomicFile.move(temporary, to: target)
  }
}
