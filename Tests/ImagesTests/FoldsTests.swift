import Common
import Foundation
import Testing

@testable import DataSets
@testable import Images

@Suite struct FoldsTests {
  private func withImages(
    _ counts: [Int], folds: Int, body: (DataSet) throws -> Void
  ) throws {
    try withTemporaryFolder { root in
      for (label, count) in counts.enumerated() {
        try Folder.create("\(root)/train/c\(label)")
        for number in 0..<count {
          try FileContents.create("\(root)/train/c\(label)/\(number).png", Data())
        }
      }
      try body(try DataSet(root: root, folds: folds))
    }
  }

  @Test("Every image is validated by one fold and trained on in the others")
  func partition() throws {
    try withImages([13, 7, 30], folds: 5) { data in
      let all = data.train.samples.map(\.name)
      #expect(data.splits.map(\.split) == ["train"])
      var validated: [String] = []
      for fold in 0..<5 {
        let (training, validation) = (data.training(fold: fold), data.validation(fold: fold))
        #expect((training + validation).map(\.name).sorted() == all.sorted())
        validated += validation.map(\.name)
        // Sizes differ by one at most, in all and in each class.
        #expect(validation.count == 10)
        for (label, count) in [13, 7, 30].enumerated() {
          let own = validation.count { $0.label == label }
          #expect((count / 5...(count + 4) / 5).contains(own))
        }
        // The order is that of the folder.
        #expect(training.map(\.name) == all.filter(Set(training.map(\.name)).contains))
      }
      #expect(validated.sorted() == all.sorted())
      // Neighbors are not in the same fold by their names.
      #expect(
        data.validation(fold: 0).map(\.name) != stride(from: 0, to: 50, by: 5).map { all[$0] })
    }
  }

  @Test("The folds are the same each time")
  func isReproducible() throws {
    var folds: [[String]] = []
    for _ in 0..<2 {
      try withImages([9, 9], folds: 3) { data in
        folds.append(data.validation(fold: 1).map(\.name))
      }
    }
    #expect(folds[0] == folds[1] && folds[0].count == 6)
  }

  @Test("A class with fewer images than folds is refused by name")
  func tooFew() throws {
    let error = #expect(throws: SweepError.self) { try withImages([6, 3], folds: 4) { _ in } }
    #expect(
      error?.description.hasSuffix(
        "train/c1: the class has 3 images, fewer than the 4 folds; lower dataset.folds, or add images"
      ) == true)
  }
}
