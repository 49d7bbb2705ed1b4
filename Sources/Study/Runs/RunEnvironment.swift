import Common
import Engine
import Foundation
import Results

/// What a sweep runs on: recorded with every run, so that its figures can be judged later.
package struct RunEnvironment: Sendable {
  package let device: DeviceDescription
  package let host: String
  package let programVersion: String
  package let libraries: [String: String]

  /// A device of this machine; `libraries` are those in use besides the device's software.
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
