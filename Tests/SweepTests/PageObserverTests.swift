import Foundation
import Reporting
import Results
import Testing

@testable import Study
@testable import sweep

@Suite struct PageObserverTests {
  @Test(
    "After an interrupt the last page is drawn only if there is time for it",
    arguments: [
      (isInterrupted: true, time: Duration.zero, isDrawn: false),
      (isInterrupted: true, time: .seconds(60), isDrawn: true),
      (isInterrupted: false, time: .zero, isDrawn: true),
    ])
  func end(isInterrupted: Bool, time: Duration, isDrawn: Bool) throws {
    try withTemporaryFolder { folder in
      let store = try Store.open(folder + "/sweep.sqlite")
      try store.register(
        ExperimentDescription(
          name: "a", file: "{}", folder: "a",
          cells: [
            CellDescription(
              id: "mobilenet_v1-w1.0-r96-s0", model: "mobilenet_v1", width: 1, resolution: 96,
              seed: 0, params: 10, macs: 20, flops: 40, thopMACs: nil, epochs: 1)
          ]))
      let page = folder + "/page/index.html"
      let observer = PageObserver(
        PageFolder(folder + "/page"), experiment: "a", store: store, next: nil, timeToEnd: time)
      observer.handle(.started("mobilenet_v1-w1.0-r96-s0"), SweepProgress(epochs: 1, began: 0))
      let before = try String(contentsOfFile: page, encoding: .utf8)
      observer.end(isInterrupted: isInterrupted)
      // The last page does not reload itself.
      #expect(try (String(contentsOfFile: page, encoding: .utf8) != before) == isDrawn)
    }
  }
}
