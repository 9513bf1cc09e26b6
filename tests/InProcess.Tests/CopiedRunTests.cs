using Involute.Host.Tests.CommandLine;
using Involute.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary>
/// A copy of a run's folder under another name is refused by every command in the same line, which says what helps; under
/// its own name, in another place, it is the run.
/// </summary>
[Collection(nameof(Alone))]
[Trait("Speed", "slow")]
public sealed class CopiedRunTests(TouchedFilesTests.Stopped stopped) : IClassFixture<TouchedFilesTests.Stopped>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_copy_under_another_name_says_what_it_must_be_called_and_is_then_the_run()
    {
        var name = Path.GetFileName(stopped.Path);
        TouchedFilesTests.Copy(stopped.Path, _scratch.File("copy"));
        var before = InProcess.Entries(_scratch.File("copy"));
        foreach (var command in Commands("copy"))
        {
            var outcome = await InProcess.RunAsync(_scratch.Path, [.. command, "--runs", _scratch.Path]);
            outcome.AssertAnswered(65);
            Assert.Contains(
                "the folder was copied or renamed, and a run keeps its name; 'involute runs rename copy copy' makes it a run of this "
                    + $"name, or call it '{name}' again",
                outcome.AllErrors,
                StringComparison.Ordinal);
        }

        SqliteConnection.ClearAllPools();
        Assert.Equal(before, InProcess.Entries(_scratch.File("copy")));
        Directory.Move(_scratch.File("copy"), _scratch.File(name));
        foreach (var command in Commands(name))
        {
            (await InProcess.RunAsync(_scratch.Path, [.. command, "--runs", _scratch.Path])).Expect(0);
        }
    }

    private static string[][] Commands(string run) =>
    [
        ["show", run], ["verify", run], ["eval", run, "--trials", "1", "--steps", "3"], ["learner", "--check", "--resume", run],
        ["resume", run, "--no-eval", .. RunsOnDisk.Set("outer-steps=7")],
    ];
}
