import Foundation

package struct CommandResult: Sendable, Equatable {
  /// The exit code, or 128 plus the number of the signal that ended it.
  package var code: Int32
  package var output, errors: String

  package init(code: Int32 = 0, output: String = "", errors: String = "") {
    self.code = code
    self.output = output
    self.errors = errors
  }
}

/// Runs other programs; tests replace it with a stub.
package protocol CommandRunner {
  /// Runs a program from the search path and waits for it; nil if it does not exist.
  ///
  /// Throws if the system cannot start it.
  func run(_ program: String, _ arguments: [String]) throws(SweepError) -> CommandResult?
}

package struct SystemCommands: CommandRunner {
  private let environment: [String: String]

  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// Standard input is empty.
  package func run(
    _ program: String, _ arguments: [String]
  ) throws(SweepError) -> CommandResult? {
    guard let path = path(of: program) else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw .system(Self.number(of: error), at: path, "cannot start the program")
    }
    let texts = Self.read([
      output.fileHandleForReading.fileDescriptor, errors.fileHandleForReading.fileDescriptor,
    ])
    process.waitUntilExit()
    return CommandResult(
      code: process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0),
      output: texts[0], errors: texts[1])
  }

  /// The path of a program; nil if it is not on the search path.
  package func path(of program: String) -> String? {
    environment["PATH", default: "/usr/bin:/bin"].split(separator: ":")
      .map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
  }

  /// Reads several pipes to the end at once, so that none fills up and blocks the program.
  private static func read(_ descriptors: [Int32]) -> [String] {
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var bytes = [[UInt8]](repeating: [], count: descriptors.count)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while polled.contains(where: { $0.fd >= 0 }) {
      if poll(&polled, nfds_t(polled.count), -1) < 0 && errno != EINTR { break }
      for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
        let count = Foundation.read(polled[index].fd, &buffer, buffer.count)
        if count > 0 {
          bytes[index] += buffer[..<count]
        } else if count == 0 || errno != EINTR {
          polled[index].fd = -1
        }
      }
    }
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func number(of error: any Error) -> Int32 {
    let error = error as NSError
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return underlying.domain == NSPOSIXErrorDomain ? Int32(underlying.code) : ENOENT
  }
}
