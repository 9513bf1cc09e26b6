using Involute.Host.Tests.CommandLine;
using Involute.Tests;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary>
/// Every file of a run's folder, made something else by a person, a tool or an accident: each command answers with one line
/// and a documented code, or does its work.
/// </summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class TouchedFilesTests(TouchedFilesTests.Stopped stopped) : IClassFixture<TouchedFilesTests.Stopped>, IDisposable
{
    private const string Run = "touched";

    private readonly ScratchFolder _scratch = new();

    public static TheoryData<string> Files() =>
    [
        "config.conf", "ledger.json", "nodes.json", "status.json", "metrics.csv", "pairs.csv", "progress.csv", "progress.json", "nodes.csv",
        "run.db", "lock",
        "lock.holder", "evaluation.json", "plots", "run.db-wal", "run.db-shm", "run.db-journal", "plots/meta-loss.png",
        "metrics.csv.other-1", "thetas", "origin.json",
    ];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_has_become_something_else_is_answered_with_one_line(string file)
    {
        foreach (var (what, change) in Changes())
        {
            for (var i = 0; i < Commands("").Length; i++)
            {
                var folder = Directory.CreateDirectory(_scratch.File(Path.GetRandomFileName())).FullName;
                var command = Commands(folder)[i];
                Copy(stopped.Path, Path.Combine(folder, Run));
                change(Path.Combine(folder, Run, file));
                var outcome = await InProcess.RunAsync(folder, [.. command, "--runs", folder]);
                Assert.True(Refusals(outcome) <= 1, $"{file}, {what}\n{outcome}");
                outcome.AssertAnswered(0, 64, 65, 74);
            }
        }
    }

    [Fact]
    public async Task What_decides_about_theta_is_refused_and_what_is_for_people_is_not()
    {
        await ExpectAsync("config.conf", 64);
        await ExpectAsync("run.db", 65);
        await ExpectAsync("ledger.json", 65);
        foreach (var file in new[] { "nodes.json", "status.json", "metrics.csv", "pairs.csv", "lock.holder", "evaluation.json" })
        {
            await ExpectAsync(file, 0);
        }
    }

    private async Task ExpectAsync(string file, int code)
    {
        var folder = Directory.CreateDirectory(_scratch.File(Path.GetRandomFileName())).FullName;
        Copy(stopped.Path, Path.Combine(folder, Run));
        Write(Path.Combine(folder, Run, file), [0, 1, 2, 0xFF, (byte)'\n', 3]);
        foreach (var command in Commands(folder))
        {
            var outcome = await InProcess.RunAsync(folder, [.. command, "--runs", folder]);
            Assert.True(outcome.ExitCode == code, $"{file}: expected {code}\n{outcome}");
        }
    }

    // Warnings are lines of their own.
    private static int Refusals(InvoluteOutcome outcome) =>
        outcome.Errors.Count(line => line.StartsWith("involute: ", StringComparison.Ordinal));

    private static string[][] Commands(string folder) =>
    [
        ["show", Run], ["verify", Run], ["eval", Run, "--trials", "1", "--steps", "3"],
        ["export", Run, "--out", Path.Combine(folder, "theta.json")],
        ["export", Run, "--best", "--trials", "1", "--steps", "3", "--out", Path.Combine(folder, "best.json")],
        ["resume", Run, "--no-eval"],
    ];

    private static (string What, Action<string> Change)[] Changes() =>
    [
        ("gone", Remove),
        ("empty", path => Write(path, [])),
        ("a folder", path =>
        {
            Remove(path);
            Directory.CreateDirectory(Path.Combine(path, "below"));
        }),
        ("zeros", path => Write(path, new byte[5000])),
        ("binary", path => Write(path, [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 97 >> 3))])),
        ("null", path => Write(path, "null"u8.ToArray())),
        ("nulls inside", path => Write(
            path,
            """{"nodes":[null,{"address":null,"role":"learner"}],"status":null,"ledger":5,"outerStep":"x"}"""u8.ToArray())),
        ("a link to itself", path =>
        {
            Remove(path);
            File.CreateSymbolicLink(path, path);
        }),
        ("a link to nowhere", path =>
        {
            Remove(path);
            File.CreateSymbolicLink(path, path + "-that-is-gone");
        }),
        ("a deep block", path => Write(path, [.. Enumerable.Repeat((byte)'[', 100_000)])),
    ];

    private static void Write(string path, byte[] content)
    {
        Remove(path);
        File.WriteAllBytes(path, content);
    }

    private static void Remove(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        File.Delete(path);
    }

    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    /// <summary>A run with steps left, whose folder is copied and not written.</summary>
    public sealed class Stopped : IAsyncLifetime
    {
        private readonly ScratchFolder _scratch = new();

        public string Path => _scratch.File(Run);

        public async ValueTask InitializeAsync()
        {
            string[] settings =
            [
                .. RunsOnDisk.Set(
                    "task=quadratic", "pairs=2", "window=3", "truncation={schedule=constant,length=6,offset=0}",
                    "threads=1", "checkpoint-interval=2"),
            ];
            (await InProcess.RunAsync(
                _scratch.Path,
                ["train", "--name", Run, "--runs", _scratch.Path, .. settings, .. RunsOnDisk.Set("outer-steps=5")])).Expect(0);
            (await InProcess.RunAsync(
                _scratch.Path,
                ["resume", Run, "--runs", _scratch.Path, "--no-eval", .. RunsOnDisk.Set("outer-steps=6")])).Expect(0);
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }

        public ValueTask DisposeAsync()
        {
            _scratch.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
