import Common
import Reporting
import Testing

@testable import DataSets
@testable import Images

@Suite struct ChannelStatisticsTests {
  @Test("Both conventions, by hand, for two images of different size and brightness")
  func byHand() {
    let dark = Image(width: 1, height: 1, pixels: [0, 51, 255])
    let split = Image(width: 1, height: 3, pixels: [255, 51, 0, 255, 153, 0, 0, 255, 0])
    let statistics = ChannelStatistics([ImageSums(dark), ImageSums(split)])
    #expect(statistics.images == 2)
    #expect(statistics.pixels == 4)
    // Red: means 0 and 2/3, deviations 0 and √2/3. Green in fifths: 1 and 1, 3, 5. Blue: 1 and 0.
    expect(statistics.meanOfImageMeans, [1.0 / 3, 0.4, 0.5])
    expect(statistics.meanOfImageStds, [0.2357022604, 0.1632993162, 0])
    expect(statistics.pooledMean, [0.5, 0.5, 0.25])
    expect(statistics.pooledStd, [0.5, 0.3316624790, 0.4330127019])
  }

  @Test("The table and the JSON name the convention of each figure")
  func named() {
    let image = Image(width: 2, height: 1, pixels: [0, 51, 255, 0, 51, 255])
    let statistics = ChannelStatistics([ImageSums(image)])
    #expect(
      statistics.text == """
                                  R       G       B
        ───────────────────────────────────────────
        mean of image means  0.0000  0.2000  1.0000
        mean of image stds   0.0000  0.0000  0.0000
        pooled mean          0.0000  0.2000  1.0000
        pooled std           0.0000  0.0000  0.0000

        1 image, 2 pixels

        """)
    #expect(
      statistics.json.text.hasPrefix(
        #"{"listing":"data stats","version":1,"mean_of_image_means":[0.0,0.2,1.0],"#))
  }

  private func expect(
    _ values: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    #expect(
      zip(values, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "\(values)",
      sourceLocation: sourceLocation)
  }
}
