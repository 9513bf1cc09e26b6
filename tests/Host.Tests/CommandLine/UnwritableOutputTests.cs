using System.Globalization;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>What happens to a command that cannot say what it has to say.</summary>
[Trait("Speed", "slow")]
public sealed class UnwritableOutputTests : IDisposable
{
    private const string Full = "/dev/full";
    private const string NoOutput = "exec \"$@\" >/dev/full";
    private const string NoErrors = "exec \"$@\" 2>/dev/full";
    private const string Nothing = "exec \"$@\" >/dev/full 2>&1";

    private readonly RunsOnDisk _runs = new();

    public UnwritableOutputTests() => Assert.SkipUnless(File.Exists(Full), $"there is no {Full} here");

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_run_goes_on_and_its_exit_code_is_that_of_the_work()
    {
        (await InvoluteProcess.RunInAsync(NoOutput, _runs.Training("a", "outer-steps=30")))
            .ExpectOneLine(0, "warning: standard output cannot be written: No space left on device");
        (await InvoluteProcess.RunInAsync(Nothing, _runs.Training("b", "outer-steps=30"))).Expect(0);
        await _runs.AssertSameAsync("a", "b");
        (await InvoluteProcess.RunInAsync(Nothing, _runs.Resuming("b", "outer-steps=5"))).Expect(64);
    }

    [Fact]
    public async Task A_command_that_has_only_its_output_to_show_has_failed()
    {
        (await _runs.TrainAsync("a", "outer-steps=5")).Expect(0);
        string[][] commands =
        [
            ["show", "a", "--runs", _runs.Path], ["show", "a", "--runs", _runs.Path, "--json"],
            ["verify", "a", "--runs", _runs.Path], ["list"], ["describe", "adam"], ["config", "show"], ["--help"],
        ];
        foreach (var command in commands)
        {
            (await InvoluteProcess.RunInAsync(NoOutput, command))
                .ExpectOneLine(74, "standard output cannot be written: No space left on device");
        }

        (await InvoluteProcess.RunInAsync(Nothing, commands[0])).Expect(74);
        (await InvoluteProcess.RunInAsync(NoErrors, commands[0])).Expect(0);
    }

    [Theory]
    [InlineData(74, "show", "nosuch")]
    [InlineData(2, "nosuch")]
    [InlineData(64, "train", "--set", "involute.sigma=0")]
    public async Task An_error_that_cannot_be_told_keeps_its_exit_code(int code, params string[] command) =>
        (await InvoluteProcess.RunInAsync(NoErrors, command)).Expect(code);

    [Fact]
    public async Task Files_for_people_that_cannot_be_written_are_warnings()
    {
        (await _runs.TrainAsync("a", "outer-steps=5")).Expect(0);
        foreach (var name in new[] { "metrics.csv", "pairs.csv", "status.json" })
        {
            File.Delete(_runs.File("a", name));
            Directory.CreateDirectory(Path.Combine(_runs.File("a", name), "in the way"));
        }

        Directory.Delete(_runs.File("a", "plots"), recursive: true);
        await File.WriteAllTextAsync(_runs.File("a", "plots"), "in the way", TestContext.Current.CancellationToken);
        var ended = (await _runs.ResumeAsync("a", "outer-steps=30")).Expect(0);
        Assert.All(ended.Errors, line => Assert.StartsWith("warning: ", line));
        (await _runs.TrainAsync("b", "outer-steps=30")).Expect(0);
        Assert.Equal(await _runs.ThetaAsync("b"), await _runs.ThetaAsync("a"));
    }

    [Fact]
    public async Task A_run_outlives_its_terminal_though_it_says_what_it_does()
    {
        const string script = "/usr/bin/script";
        Assert.SkipUnless(File.Exists(script), $"there is no {script} here, which makes a terminal");
        var log = Path.Combine(_runs.Path, "typescript");
        using (var terminal = InvoluteProcess.StartIn(
            $"""trap '' HUP; c=; for a; do c="$c '$a'"; done; exec {script} -qec "$c" '{log}'""",
            _runs.Training("a", $"outer-steps={RunsOnDisk.Endless}")))
        {
            await terminal.LineAsync("outer step ");
            await terminal.KillAsync();
        }

        await FileEvents.LinesAsync(Path.Combine(_runs.Path, "a"), "metrics.csv", 2000);
        var holder = await File.ReadAllTextAsync(_runs.File("a", "lock.holder"), TestContext.Current.CancellationToken);
        var id = int.Parse(holder.Split(' ')[1], CultureInfo.InvariantCulture);
        using var run = System.Diagnostics.Process.GetProcessById(id);
        InvoluteProcess.Signal(id, InvoluteProcess.Terminate);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        var shown = await _runs.ShowAsync("a");
        Assert.Equal("interrupted", shown.GetProperty("status").GetString());
        Assert.Equal(shown.GetProperty("outerStep").GetInt64(), shown.GetProperty("checkpointStep").GetInt64());
    }
}
