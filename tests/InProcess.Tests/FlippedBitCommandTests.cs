using System.Text.RegularExpressions;
using Involute.Host.Tests.CommandLine;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary>
/// Single flipped bits of a run's database, through the commands: <c>verify</c> and <c>resume</c> both end with 65 and leave
/// the file as it is, or both do their work, with the theta of an undamaged run.
/// </summary>
/// <remarks>
/// The reader that both commands share judges each flip; the commands themselves run for every flip whose verdict is of a
/// kind that has not been seen, and for a sample of the others. FlippedBitTests has the reader alone.
/// </remarks>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed partial class FlippedBitCommandTests : IDisposable
{
    // As in FlippedBitTests: every bit, and then hundreds of flips through the commands, or one bit of each 37th byte.
    private const string EveryBitVariable = "INVOLUTE_TEST_EVERY_BIT";
    private const int BitsOfByte = 8;
    private const int Stride = (37 * BitsOfByte) + 1;
    private const string Run = "flipped";

    private static readonly string[] Further = [.. RunsOnDisk.Set("outer-steps=9")];

    private readonly ScratchFolder _scratch = new();

    private string Folder => _scratch.File(Run);

    private string Database => Path.Combine(Folder, "run.db");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Each_flipped_bit_is_65_for_verify_and_resume_or_changes_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await TrainAsync();
        var bytes = await File.ReadAllBytesAsync(Database, cancellation);
        var expected = await ThroughCommandsAsync(bytes);
        Assert.True(expected.Code == 0, expected.What);
        var everyBit = Environment.GetEnvironmentVariable(EveryBitVariable) is not null;
        var (stride, sampled) = everyBit ? (1, bytes.Length * BitsOfByte / 400) : (Stride, 37 * Stride);
        var configuration = ConfigurationLoader.LoadRun(Folder, []);
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var wrong = new List<string>();
        var (flips, refused, ran) = (0, 0, 0);
        for (var at = 0; at < bytes.Length * BitsOfByte; at += stride)
        {
            bytes[at / BitsOfByte] ^= (byte)(1 << (at % BitsOfByte));
            await File.WriteAllBytesAsync(Database, bytes, cancellation);
            var verdict = Verdict(configuration);
            flips++;
            refused += verdict is null ? 0 : 1;
            var kind = verdict is null ? "whole" : Numbers().Replace(verdict, "#");
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            if (kinds[kind] == 1 || at % sampled < stride)
            {
                ran++;
                var outcome = await ThroughCommandsAsync(bytes);
                if (verdict is null ? outcome != expected : outcome.Code != 65)
                {
                    wrong.Add(
                        $"bit {at % BitsOfByte} of byte {at / BitsOfByte}: the reader says '{verdict ?? "whole"}', the commands "
                            + $"{outcome.Code}, {outcome.What}");
                }
            }

            bytes[at / BitsOfByte] ^= (byte)(1 << (at % BitsOfByte));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{flips} flips of {bytes.Length} bytes: {refused} refused, {flips - refused} change nothing, {kinds.Count} kinds "
                + $"of verdicts, {ran} through verify and resume");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(refused, flips / 10, flips - 1);
        Assert.InRange(ran, kinds.Count, flips);
    }

    private async Task TrainAsync()
    {
        string[] settings =
        [
            .. RunsOnDisk.Set(
                "task=quadratic", "pairs=2", "window=3", "truncation={schedule=constant,length=6,offset=0}", "threads=1",
                "checkpoint-interval=2", "outer-steps=6"),
        ];
        (await InProcess.RunAsync(
            _scratch.Path, ["train", "--name", Run, "--runs", _scratch.Path, "--no-eval", .. settings])).Expect(0);
        SqliteConnection.ClearAllPools();
    }

    // What the two commands go by: 'verify' reads everything, 'resume' what stands since the older checkpoint.
    private string? Verdict(RunConfiguration configuration)
    {
        var folder = RunFolder.Open(_scratch.Path, Run);
        var read = new[] { true, false }.Select(whole =>
        {
            try
            {
                return RunReader.Read(folder, configuration, StoreFactory.Create(folder, configuration), whole: whole).Problem;
            }
            catch (InvalidDataException damaged)
            {
                return damaged.Message;
            }
        }).ToArray();
        Assert.True(
            (read[0] is null) == (read[1] is null), $"read as a whole: {read[0] ?? "whole"}; in part: {read[1] ?? "whole"}");
        return read[0];
    }

    // In a copy. The code of both commands, or none where they differ or do what they must not; and what 'show' tells then.
    private async Task<(int? Code, string What)> ThroughCommandsAsync(byte[] database)
    {
        using var copy = new ScratchFolder();
        Directory.CreateDirectory(copy.File(Run));
        foreach (var file in Directory.GetFiles(Folder).Where(file => file != Database))
        {
            File.Copy(file, copy.File(Path.Combine(Run, Path.GetFileName(file))));
        }

        var path = copy.File(Path.Combine(Run, "run.db"));
        await File.WriteAllBytesAsync(path, database, TestContext.Current.CancellationToken);
        var before = InProcess.Entries(copy.Path);
        var verified = await InProcess.RunAsync(copy.Path, ["verify", Run, "--runs", copy.Path]);
        SqliteConnection.ClearAllPools();
        var isRead = InProcess.Entries(copy.Path).SequenceEqual(before);
        var resumed = await InProcess.RunAsync(copy.Path, ["resume", Run, "--runs", copy.Path, "--no-eval", .. Further]);
        SqliteConnection.ClearAllPools();
        if (!isRead || verified.ExitCode != resumed.ExitCode || verified.ExitCode is not (0 or 65))
        {
            return (null, $"only read by verify: {isRead}\n{verified}\n{resumed}");
        }

        if (verified.ExitCode == 65)
        {
            verified.AssertAnswered(65);
            resumed.AssertAnswered(65);
            var now = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            return now.SequenceEqual(database) ? (65, "") : (null, "the damaged database was written");
        }

        var shown = await InProcess.RunAsync(copy.Path, ["show", Run, "--runs", copy.Path, "--json"]);
        return (shown.ExitCode, WithoutTimes(shown.AllOutput));
    }

    // How fast a run went is told by the clocks of its writers, and differs each time.
    private static string WithoutTimes(string shown) => Progress().Replace(shown, "");

    [GeneratedRegex("\"progress\":.*")]
    private static partial Regex Progress();

    [GeneratedRegex("[0-9a-f]*[0-9][0-9a-f]*")]
    private static partial Regex Numbers();
}
