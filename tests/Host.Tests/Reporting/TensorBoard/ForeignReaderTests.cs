using System.Buffers.Binary;
using System.Numerics;
using Involute.Host.Reporting.Clock;
using Involute.Host.Reporting.TensorBoard;
using Involute.Host.Tests.Reporting.Clock;
using Involute.Tasks;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting.TensorBoard;

/// <summary>
/// Event files are read by code of others: the messages of TensorBoard as TorchSharp brings them (made by Google's compiler
/// from TensorBoard's definitions), Google.Protobuf, and the check sum of the runtime's own library.
/// </summary>
public sealed class ForeignReaderTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly ThetaLayout Layout = new(("log_lr", []), ("w", [3]));

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_field_of_an_event_file_is_one_of_the_definition()
    {
        var result = Steps.Of(7, 0, [1, 2, 3, 4]);
        var theta = new Estimators.Plans.Theta<float>(result.Version, [-2, 1, 2, 5]);
        using (var log = TensorBoardLog.Begin(_folder.Path, Layout, Time, 7))
        {
            var row = new ClockRow(7, Time.AddSeconds(2), 10, 2, default(StepTotals).With(result, 0.8), 700)
            {
                GradientNorm = 0.5,
                Pairs = 4,
                Nodes = 2,
                Threads = 3,
            };
            log.Append(row, theta);
            log.AppendDetails(row, theta, [new NodeRow("127.0.0.1:4001", 2, 2, 0.2, 0.25, 0.05)]);
        }

        var events = Read(File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.Path))));

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal((7, Tensorboard.SessionLog.Types.SessionStatus.Start), (events[1].Step, events[1].SessionLog.Status));
        Assert.Equal((7, Time.AddSeconds(2).ToUnixTimeSeconds()), (events[2].Step, events[2].WallTime));
        var scalars = events[2].Summary.Value.ToDictionary(value => value.Tag, value => value.SimpleValue);
        Assert.Equal(
            (2.5f, 0.5f, 4f, 2f),
            (scalars["mean_loss"], scalars["grad_norm"], scalars["buffer_size"], scalars["unique_worker"]));
        Assert.Equal((2f, 8f / 3), (scalars["theta_mean_abs/log_lr"], scalars["theta_mean_abs/w"]));

        var histogram = events[3].Summary.Value.Single(value => value.Tag == "theta/w").Histo;
        Assert.Equal((1, 5, 3, 8, 30), (histogram.Min, histogram.Max, histogram.Num, histogram.Sum, histogram.SumSquares));
        Assert.Equal(histogram.BucketLimit.Count, histogram.Bucket.Count);
        Assert.Equal(3, histogram.Bucket.Sum());
        Assert.Equal(0.25f, events[3].Summary.Value.Single(value => value.Tag == "node_share/127.0.0.1:4001").SimpleValue);
        Assert.Equal(4, events.Count);
    }

    [Fact]
    public void A_field_that_the_definition_lacks_is_seen()
    {
        byte[] known = [0x10, 0x07];
        Assert.False(HasUnknownFields(known));

        // Field 99, a number; and the same within a summary.
        Assert.True(HasUnknownFields([.. known, 0x98, 0x06, 0x01]));
        Assert.True(HasUnknownFields([.. known, 0x2A, 0x03, 0x98, 0x06, 0x01]));
    }

    private static List<Tensorboard.Event> Read(byte[] file)
    {
        var events = new List<Tensorboard.Event>();
        foreach (var record in Records(file))
        {
            Assert.False(HasUnknownFields(record));
            events.Add(Tensorboard.Event.Parser.ParseFrom(record));
        }

        return events;
    }

    // Such a field is kept beside the others, unless it is discarded.
    private static bool HasUnknownFields(byte[] record) =>
        Tensorboard.Event.Parser.ParseFrom(record).CalculateSize()
            != Tensorboard.Event.Parser.WithDiscardUnknownFields(true).ParseFrom(record).CalculateSize();

    // TFRecord: length (8 bytes), masked CRC-32C of the length, bytes, masked CRC-32C of the bytes; little-endian.
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var record = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(record), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            yield return record;
            at += 16 + length;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
