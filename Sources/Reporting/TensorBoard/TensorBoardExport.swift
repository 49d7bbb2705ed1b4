import Common
import Foundation
import Results

/// An experiment as event files: one folder per cell, with scalars by epoch and grid values as
/// hyperparameters.
package struct TensorBoardExport {
  private let evidence: Evidence

  package init(_ evidence: Evidence) { self.evidence = evidence }

  /// Writes `<folder>/<cell id>/events.out.tfevents.<number>.sweep` for each cell with epochs and
  /// returns the number of cells.
  ///
  /// A cell's file name never changes, so a later export replaces it. Throws if the folder cannot
  /// be written.
  package func write(to folder: String) throws(SweepError) -> Int {
    var count = 0
    for row in evidence.report.rows {
      guard let history = evidence.report.history?[row.cell.id], !history.isEmpty else { continue }
      let place = "\(folder)/\(row.cell.id)"
      try Folder.create(place)
      // TensorFlow puts a time here; TensorBoard only needs the files of a folder to be ordered.
      try AtomicFile.write(
        Self.file(row, history), to: "\(place)/events.out.tfevents.0000000001.sweep")
      count += 1
    }
    return count
  }

  /// The event file of one cell.
  ///
  /// Times are seconds of training so far, so that a file depends only on the stored figures.
  static func file(_ row: ResultRow, _ history: [EpochRecord]) -> Data {
    var file = RecordFile()
    file.add(
      event(time: 0, step: 0) { event in event.add(3, string: "brain.Event:2") })
    file.add(
      event(time: 0, step: 0) { event in
        event.add(5) { summary in hyperparameters(row, in: &summary) }
      })
    var time = 0.0
    for record in history {
      time += record.trainSeconds + (record.valSeconds ?? 0)
      let scalars: [(String, Double?)] = [
        ("loss/train", record.trainLoss), ("loss/validation", record.valLoss),
        ("accuracy/train", record.trainAccuracy), ("accuracy/validation", record.valAccuracy),
        ("learning_rate", record.learningRate), ("images_per_second", record.imagesPerSecond),
      ]
      file.add(
        event(time: time, step: record.epoch) { event in
          event.add(5) { summary in
            for case (let name, let value?) in scalars {
              summary.add(1) { item in
                item.add(1, string: name)
                item.add(2, float: Float(value))
              }
            }
          }
        })
    }
    // Status: success, failure, or running (hparams/api.proto).
    let status =
      switch row.status {
      case .done: 1
      case .diverged, .failed: 2
      case .pending, .running, .interrupted: 3
      }
    file.add(
      event(time: time, step: 0) { event in
        event.add(5) { summary in
          plugin("_hparams_/session_end_info", in: &summary) { data in
            data.add(4) { info in
              info.add(1, integer: status)
              info.add(2, double: time)
            }
          }
        }
      })
    return file.data
  }

  /// `Event`: wall_time 1, step 2, file_version 3, summary 5 (tensorflow/core/util/event.proto).
  private static func event(
    time: Double, step: Int, _ fill: (inout ProtobufMessage) -> Void
  ) -> Data {
    var event = ProtobufMessage()
    event.add(1, double: time)
    event.add(2, integer: step)
    fill(&event)
    return event.data
  }

  /// `HParamsPluginData.session_start_info`: hparams 1, group_name 4, start_time_secs 5
  /// (hparams/plugin_data.proto).
  private static func hyperparameters(_ row: ResultRow, in summary: inout ProtobufMessage) {
    let cell = row.cell
    var values: [(String, JSON)] = [
      ("model", .string(cell.model)), ("width", .number(cell.width)),
      ("resolution", .integer(cell.resolution)), ("seed", .integer(cell.seed)),
      ("params", .integer(cell.params)), ("macs", .integer(cell.macs)),
    ]
    values += cell.axes.map { ($0.name, $0.value) }
    plugin("_hparams_/session_start_info", in: &summary) { data in
      data.add(3) { info in
        for (name, value) in values {
          info.add(1) { entry in
            entry.add(1, string: name)
            entry.add(2) { self.value(value, in: &$0) }
          }
        }
        info.add(4, string: cell.id)
      }
    }
  }

  /// `google.protobuf.Value`: number 2, string 3, bool 4.
  private static func value(_ json: JSON, in message: inout ProtobufMessage) {
    switch json {
    case .integer(let value): message.add(2, double: Double(value))
    case .number(let value): message.add(2, double: value)
    case .boolean(let value): message.add(4, integer: value ? 1 : 0)
    case .string(let value): message.add(3, string: value)
    case .null, .array, .object: message.add(3, string: json.text)
    }
  }

  /// A `Summary.Value` for the plug-in hparams: tag 1, metadata 9, and the required tensor 8.
  private static func plugin(
    _ tag: String, in summary: inout ProtobufMessage, _ fill: (inout ProtobufMessage) -> Void
  ) {
    var content = ProtobufMessage()
    fill(&content)
    summary.add(1) { value in
      value.add(1, string: tag)
      value.add(8) { tensor in
        // A float tensor with an empty shape: dtype 1 (DT_FLOAT), tensor_shape 2.
        tensor.add(1, integer: 1)
        tensor.add(2) { _ in }
        tensor.add(5, bytes: Data(count: 4))
      }
      value.add(9) { metadata in
        metadata.add(1) { plugin in
          plugin.add(1, string: "hparams")
          plugin.add(2, bytes: content.data)
        }
      }
    }
  }
}
