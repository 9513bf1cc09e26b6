using Involute.Runs.Folders;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Involute.Runs.Verification;
using Involute.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

/// <summary>
/// Single flipped bits of a run's database: each changes nothing that a command reads, or is a violation.
/// </summary>
[Trait("Speed", "slow")]
public sealed class FlippedBitTests
{
    // Every bit of every byte takes three minutes; without it, one bit of each 37th byte, a prime, so that all places of
    // all kinds of pages are hit.
    private const string EveryBitVariable = "INVOLUTE_TEST_EVERY_BIT";
    private const int Stride = 37;
    private const int BitsOfByte = 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_flipped_bit_is_noticed_or_changes_nothing(bool sinceCheckpoints)
    {
        using var folder = new TemporaryFolder();
        await RunningLedger.Written(folder.Path, 30, 10, 20, 30);
        SqliteConnection.ClearAllPools();
        var path = RunDatabase.PathIn(folder.Path);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var stride = Environment.GetEnvironmentVariable(EveryBitVariable) is null ? (Stride * BitsOfByte) + 1 : 1;

        // As the run's folder knows it: the writer of the first event tells one ledger from another.
        var mark = new LedgerMark(((IRunStore)new SqliteRunStore(folder.Path, Sample.Run)).FirstWriter(), 30);
        var whole = Read(folder.Path, sinceCheckpoints, mark);
        Assert.DoesNotContain("refused", whole, StringComparison.Ordinal);
        var overlooked = new List<string>();
        for (var at = 0; at < bytes.Length * BitsOfByte; at += stride)
        {
            var (place, bit) = (at / BitsOfByte, (byte)(1 << (at % BitsOfByte)));
            bytes[place] ^= bit;
            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
            var read = Read(folder.Path, sinceCheckpoints, mark);
            if (read != whole && !read.StartsWith("refused", StringComparison.Ordinal))
            {
                overlooked.Add($"bit {bit} of byte {place}: {read}");
            }

            bytes[place] ^= bit;
        }

        Assert.True(overlooked.Count == 0, string.Join('\n', overlooked));
    }

    [Theory]
    [InlineData("UPDATE journal SET sequence_number = 'five' WHERE sequence_number = 5")]
    [InlineData("UPDATE journal SET sequence_number = x'05' WHERE sequence_number = 5")]
    [InlineData("UPDATE journal SET message = 'text' WHERE sequence_number = 5")]
    [InlineData("UPDATE journal SET message = 17 WHERE sequence_number = 5")]
    [InlineData("UPDATE journal SET manifest = x'00' WHERE sequence_number = 5")]
    [InlineData("UPDATE journal SET deleted = 'perhaps' WHERE sequence_number = 5")]
    [InlineData("UPDATE journal SET persistence_id = x'00' WHERE sequence_number = 5")]
    [InlineData("UPDATE snapshot SET sequence_number = 'ten' WHERE sequence_number = 10")]
    [InlineData("UPDATE snapshot SET snapshot = 17 WHERE sequence_number = 10")]
    [InlineData("UPDATE snapshot SET snapshot = NULL WHERE sequence_number = 10")]
    [InlineData("UPDATE snapshot SET persistence_id = 5 WHERE sequence_number = 10")]
    public async Task A_value_of_another_kind_is_a_violation(string change)
    {
        using var folder = new TemporaryFolder();
        await RunningLedger.Written(folder.Path, 20, 10, 20);
        using (var file = RunFile.Open(folder.Path))
        {
            file.Execute(change);
        }

        Assert.StartsWith("refused: run run: ", Read(folder.Path), StringComparison.Ordinal);
    }

    // Everything that commands read, in one text.
    private static string Read(string folder, bool sinceCheckpoints = false, LedgerMark? mark = null)
    {
        try
        {
            var run = new SqliteRunStore(folder, Sample.Run).ReadRecords(
                records => sinceCheckpoints
                    ? RunVerification.SinceCheckpoints(records, RecordedRun.Expected, eventsReadAnyway: 0)
                    : RunVerification.Of(records, RecordedRun.Expected));
            var read = run.History;
            return (run.Problem ?? mark?.Problem(folder, read.FirstWriter, run.LastStep)) is { } problem
                ? $"refused: {problem}"
                : string.Join('|', [
                    $"{run.LastStep}", read.LastThetaSha256, string.Join(',', read.MeanLosses.TakeLast(11)),
                    read.FirstWriter, sinceCheckpoints ? "" : string.Join(',', read.Epochs),
                    string.Join(',', read.CheckpointSteps), read.Checkpoint?.State.Theta.HashText(),
                ]);
        }
        catch (InvalidDataException refused)
        {
            return $"refused: {refused.Message}";
        }
    }
}
