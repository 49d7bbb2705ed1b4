import Common
import Engine
import Foundation
import Results

/// The software and device of a sweep, recorded with every run.
package struct RunEnvironment: Sendable {
  package let device: DeviceDescription
  package let host: String
  package let programVersion: String
  package let libraries: [String: String]

  /// `libraries` are those in use besides the device's software.
  package init(
    device: DeviceDescription,
    host: String = ProcessInfo.processInfo.hostName,
    programVersion: String = ProgramVersion.current, libraries: [String: String] = [:]
  ) {
    self.device = device
    self.host = host
    self.programVersion = programVersion
    self.libraries = libraries.merging(device.software) { $1 }
  }

  package func description(
    initialWeights: String, dataFingerprint: String, resumedEpochs: Int
  ) -> RunDescription {
    let process = ProcessInfo.processInfo
    return RunDescription(
      host: host, processID: Int(process.processIdentifier),
      operatingSystem: process.operatingSystemVersionString, processor: device.name,
      vectorBits: device.vectorBits, threads: device.threads, programVersion: programVersion,
      gitCommit: ProgramVersion.commit, gitIsDirty: ProgramVersion.isDirty, libraries: libraries,
      initialWeightsSHA256: initialWeights,
      dataFingerprint: dataFingerprint, resumedEpochs: resumedEpochs)
  }
}
