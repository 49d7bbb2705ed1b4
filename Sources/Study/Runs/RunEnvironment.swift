import Common
import Foundation
import Results

/// What a sweep runs on: recorded with every run, so that its figures can be judged later.
public struct RunEnvironment: Sendable {
  /// Threads that train.
  public let threads: Int
  /// The width of a vector register in bits, 256 for AVX2.
  public let vectorBits: Int
  /// The machine's name.
  public let host: String
  /// The version of `sweep`.
  public let programVersion: String
  /// Names and versions of the libraries in use.
  public let libraries: [String: String]

  /// This machine, with what the program knows of itself.
  public init(
    threads: Int, vectorBits: Int = NetworkEngine.vectorBits,
    host: String = ProcessInfo.processInfo.hostName,
    programVersion: String = ProgramVersion.current, libraries: [String: String] = [:]
  ) {
    self.threads = threads
    self.vectorBits = vectorBits
    self.host = host
    self.programVersion = programVersion
    self.libraries = libraries
  }

  /// A run on this machine.
  public func description(
    initialWeights: String, dataFingerprint: String, resumedEpochs: Int
  ) -> RunDescription {
    let process = ProcessInfo.processInfo
    return RunDescription(
      host: host, processID: Int(process.processIdentifier),
      operatingSystem: process.operatingSystemVersionString, processor: Self.processor,
      vectorBits: vectorBits, threads: threads, programVersion: programVersion,
      gitCommit: ProgramVersion.commit, gitIsDirty: ProgramVersion.isDirty, libraries: libraries,
      initialWeightsSHA256: initialWeights,
      dataFingerprint: dataFingerprint, resumedEpochs: resumedEpochs)
  }

  /// The processor's name as the system has it.
  private static let processor: String = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("model name") {
      if let name = line.split(separator: ":", maxSplits: 1).last {
        return name.trimmingCharacters(in: .whitespaces)
      }
    }
    #if arch(arm64)
      return "arm64"
    #else
      return "x86_64"
    #endif
  }()
}
