using System.Diagnostics;
using Involute.Host.Errors;
using Involute.Host.Tests.CommandLine;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Processes;

/// <summary>Runs whose problem another program computes, through the command as users have it.</summary>
[Trait("Speed", "slow")]
public sealed class ProcessRunTests : IDisposable
{
    private const int Steps = 60;

    // As the problem's own defaults are where Involute computes it.
    private static readonly string[] Lorenz =
    [
        "truncation={ schedule = constant, length = 60, offset = 60 }", "window=20", "sigma=0.04", "pairs=4", "pairs-per-actor=2",
        $"outer-steps={Steps}", "checkpoint-interval=7", "threads=2", "optimizer=none",
    ];

    private readonly RunsOnDisk _runs = new();
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _runs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Theta_is_that_of_the_same_problem_computed_here_also_with_one_child_and_with_three_workers()
    {
        (await TrainAsync("here", "task={ name = lorenz, spread = 0.1 }")).Expect(0);
        (await TrainAsync("there", Task("serve", "lorenz"))).Expect(0);
        (await TrainAsync("alone", Task("serve", "lorenz"), "task.processes=1")).Expect(0);
        (await InvoluteProcess.RunAsync([.. Training("spread", Task("serve", "lorenz")), "--workers", "3"])).Expect(0);
        var theta = await _runs.ThetaAsync("here");
        foreach (var run in new[] { "there", "alone", "spread" })
        {
            Assert.Equal(theta, await _runs.ThetaAsync(run));
        }

        (await InvoluteProcess.RunAsync(["verify", "there", "--runs", _runs.Path, "--replay", "--from-start"])).Expect(0);
    }

    [Fact]
    public async Task A_child_that_is_killed_costs_a_line_and_no_bit()
    {
        (await TrainAsync("here", "task={ name = lorenz, spread = 0.1 }")).Expect(0);
        var ids = _folder.File("ids");
        using var run = InvoluteProcess.Start(Training("killed", Task("serve", "lorenz", $"pid={ids}"), "outer-steps=100000"));
        await run.LineAsync("outer step ");
        var before = Living(ids);
        Assert.NotEmpty(before);
        foreach (var child in before)
        {
            InvoluteProcess.Signal(child, 9);
        }

        // Between two calls another child is started, and that is told; in the middle of one its pairs start anew, with a warning.
        await run.LineOrErrorAsync("ended with signal 9");
        run.Signal(InvoluteProcess.Terminate);
        (await run.EndAsync()).Expect(143);
        await AllGoneAsync(ids);
        (await InvoluteProcess.RunAsync(
            ["verify", "killed", "--runs", _runs.Path, "--replay", "--from-start"])).Expect(0);
    }

    [Fact]
    public async Task No_child_outlives_a_learner_or_a_worker_that_is_killed()
    {
        var ids = _folder.File("ids");
        using var run = InvoluteProcess.Start(
            [.. Training("a", Task("serve", "lorenz", $"pid={ids}"), "outer-steps=100000"), "--workers", "2"]);
        await run.LineAsync("outer step ");
        var children = Living(ids);
        Assert.NotEmpty(children);
        await run.KillAsync();

        // Workers end by themselves some time after the learner; its own children with it.
        await AllGoneAsync(ids);
    }

    [Fact]
    public async Task A_program_that_cannot_be_used_is_one_line_with_the_code_and_nothing_is_written()
    {
        await RefusedAsync("there is no program nosuch-program in PATH", "task={ name = process, command = [nosuch-program] }");
        await RefusedAsync("no program is set", "task=process");
        await RefusedAsync("there is no such file", Task("serve", "lorenz"), "task.files=[nosuch.py]");
        await RefusedAsync("exit code 7: last words", Task("exits"));
        await RefusedAsync("hello world", Task("prints-first"));
        await RefusedAsync("give other numbers each time", Task("serve", "wanders"));
        await RefusedAsync("give other numbers each time", Task("serve", "differs"));
        await RefusedAsync("give other numbers each time", Task("serve", "differs"), "task.processes=1");
        Assert.Empty(_runs.Entries());
    }

    [Fact]
    public async Task One_that_fails_again_and_again_ends_the_run_with_one_line_of_command_pair_and_step()
    {
        // The trial before the run has its own calls.
        var outcome = await TrainAsync("a", Task("exits-in-call", "lorenz", "call=40"), "max-pair-restarts=0", "outer-steps=100000");
        outcome.Expect(ExitCode.Internal);
        var line = outcome.Errors[^1];
        Assert.Contains("failed in outer step", line, StringComparison.Ordinal);
        Assert.Contains("the bearing is broken", line, StringComparison.Ordinal);
        Assert.Contains("Involute.ProcessChild", line, StringComparison.Ordinal);
        Assert.Matches("pair [0-3].*step [0-9]", line);
        (await InvoluteProcess.RunAsync(["verify", "a", "--runs", _runs.Path])).Expect(0);
    }

    [Fact]
    public async Task Another_content_of_a_declared_file_stops_a_resume()
    {
        var file = _folder.File("table.csv");
        await File.WriteAllTextAsync(file, "1", TestContext.Current.CancellationToken);
        (await TrainAsync("a", Task("serve", "lorenz"), $"task.files=[\"{file}\"]")).Expect(0);
        await File.WriteAllTextAsync(file, "2", TestContext.Current.CancellationToken);
        (await _runs.ResumeAsync("a", "outer-steps=100")).Expect(ExitCode.Data);
        await File.WriteAllTextAsync(file, "1", TestContext.Current.CancellationToken);
        (await _runs.ResumeAsync("a", "outer-steps=61", "task.timeout=30 s")).Expect(0);
    }

    [Fact]
    public async Task Check_tells_shape_repeatability_and_cost()
    {
        var well = (await InvoluteProcess.RunAsync(["check", "--process", string.Join(' ', Command("serve", "lorenz"))])).Expect(0);
        Assert.StartsWith("lorenz: theta has 2 numbers: log_a [], log_r []", well.Output[0], StringComparison.Ordinal);
        Assert.Equal(6, well.Output.Count(line => line.EndsWith("same bits", StringComparison.Ordinal)));
        Assert.Contains(well.Output, line => line.Contains("beside its steps", StringComparison.Ordinal));

        var ill = (await InvoluteProcess.RunAsync(["check", "--process", string.Join(' ', Command("serve", "wanders"))]))
            .Expect(ExitCode.CheckFailed);
        Assert.Contains(ill.Output, line => line.Contains("the losses of window 1 differ", StringComparison.Ordinal));
        (await InvoluteProcess.RunAsync(["check", "--process", "  "])).Expect(ExitCode.Configuration);

        var other = (await InvoluteProcess.RunAsync(["check", "--process", string.Join(' ', Command("serve", "differs"))]))
            .Expect(ExitCode.CheckFailed);
        Assert.Contains(other.Output, line => line.Contains("in another process", StringComparison.Ordinal)
            && line.Contains("the losses of window 1 differ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task At_its_end_a_child_sees_the_end_of_its_input()
    {
        var farewell = _folder.File("farewell");
        (await TrainAsync("a", Task("says-farewell", "lorenz", $"farewell={farewell}"), "outer-steps=2")).Expect(0);
        Assert.Equal("well", await File.ReadAllTextAsync(farewell, TestContext.Current.CancellationToken));
    }

    private static string[] Command(params IEnumerable<string> arguments) =>
    [
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        Path.Combine(AppContext.BaseDirectory, "Involute.ProcessChild.dll"),
        .. arguments,
    ];

    private static string Task(params IEnumerable<string> arguments) =>
        $"task={{ name = process, command = [{string.Join(", ", Command(arguments).Select(word => $"\"{word}\""))}] }}";

    // The system takes a moment to end what was killed.
    private static async Task AllGoneAsync(string ids)
    {
        var waited = Stopwatch.StartNew();
        while (Living(ids).Count > 0 && waited.Elapsed < TimeSpan.FromSeconds(100))
        {
            await System.Threading.Tasks.Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Empty(Living(ids));
    }

    // Of processes that a file lists, those that have not ended.
    private static List<int> Living(string ids) => [.. File.ReadAllLines(ids).Select(int.Parse).Where(IsLiving)];

    private static bool IsLiving(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private IEnumerable<string> Training(string run, params IEnumerable<string> settings) =>
        ["train", "--name", run, "--runs", _runs.Path, "--no-eval", .. RunsOnDisk.Set(Lorenz), .. RunsOnDisk.Set(settings)];

    private Task<InvoluteOutcome> TrainAsync(string run, params IEnumerable<string> settings) =>
        InvoluteProcess.RunAsync(Training(run, settings));

    private async Task RefusedAsync(string part, params IEnumerable<string> settings)
    {
        var outcome = await TrainAsync("refused", settings);
        Assert.True(outcome.ExitCode is ExitCode.Configuration or ExitCode.Data or ExitCode.InputOutput, outcome.ToString());
        Assert.Contains(part, Assert.Single(outcome.Errors), StringComparison.Ordinal);
    }
}
