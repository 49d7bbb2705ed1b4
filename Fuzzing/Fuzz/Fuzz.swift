import CFuzzer
import Foundation

/// Hands libFuzzer's inputs to the subject that the variable `FUZZ` names.
///
/// `--seeds FOLDER` as the only argument writes seeds for those subjects whose files the program can make itself.
@main
struct Fuzz {
  static func main() {
    if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--seeds" {
      do {
        try Seeds.write(to: CommandLine.arguments[2])
      } catch {
        print("cannot write the seeds: \(error)")
        exit(1)
      }
      return
    }
    guard Subject.current != nil else {
      print("FUZZ must be one of \(Subject.allCases.map(\.rawValue).joined(separator: ", "))")
      exit(64)
    }
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(
      LLVMFuzzerRunDriver(&count, &arguments) { data, size in
        Subject.current?.run(Data(UnsafeBufferPointer(start: data, count: size)))
        return 0
      })
  }
}
