using System.Text.Json;
using Involute.Actors.Cluster;
using Involute.Actors.Tests.Commands;
using Involute.Actors.Tests.Doubles;
using Involute.Commands;
using Involute.Estimators;
using Involute.Estimators.MetaOptimizers;
using Involute.Hosting;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Hosting;

/// <summary>A run that is steered through its console has the theta that the program without actors computes.</summary>
public sealed class ConsoleRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static RunConfiguration Quadratic { get; } = new()
    {
        OuterSteps = 1_000_000,
        Pairs = 3,
        Window = 7,
        Task = new QuadraticOptions { Dimension = 4 },
        Optimizer = new LearnableSgdOptions(),
        Truncation = new LogUniformOptions { Min = 5, Max = 30, Offset = 30 },
        CheckpointInterval = 1000,
        Threads = 1,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Paused_checkpointed_changed_resumed_and_stopped()
    {
        await using var run = await TrainingRun.StartAsync(Options(), TestContext.Current.CancellationToken);
        await using var client = await ConsoleClient.ConnectAsync(
            "127.0.0.1", run.ConsoleAddress!.Value.Port, "tester", cancellation: TestContext.Current.CancellationToken);
        await UntilAsync(client, status => status.Step > 10);

        Assert.Contains("changes something", (await TestConsole.AskAsync(client, "learner pause")).Text, StringComparison.Ordinal);
        await TestConsole.AskAsync(client, "learner pause", yes: true);
        var paused = await UntilAsync(client, status => status.State == "paused by an operator");
        Assert.Equal(
            ($"checkpoint  {paused.Step}", false), await TestConsole.AskAsync(client, "learner checkpoint", yes: true));
        var changed = await TestConsole.AskAsync(client, "learner set learning-rate 0.3", yes: true);
        Assert.StartsWith(
            $"after outer step {paused.Step}  involute.meta-optimizer.learning-rate: 0.03 -> 0.3\n", changed.Text,
            StringComparison.Ordinal);

        // What is answered is on disk: a crash would not lose it.
        var written = Assert.Single(StoreFactory.Create(run.Folder, run.Configuration).Read().SettingChanges);
        Assert.Equal((paused.Step, "0.3"), (written.Step, written.To));
        Assert.StartsWith("tester from 127.0.0.1:", written.By, StringComparison.Ordinal);
        await TestConsole.AskAsync(client, "pair restart -i 1", yes: true);
        Assert.Equal(paused, await UntilAsync(client, _ => true));

        await TestConsole.AskAsync(client, "learner resume", yes: true);
        await UntilAsync(client, status => status.Step > paused.Step + 20);
        await TestConsole.AskAsync(client, "pair restart -i 2", yes: true);
        var stopped = await TestConsole.AskAsync(client, "learner stop", yes: true);

        var outcome = await run.Completion;
        var last = outcome.State!.Theta.Version.Value;
        Assert.Equal(($"ended after outer step  {last}\ncheckpoint              {last}", false), stopped);
        Assert.Equal((RunStatus.Interrupted, last), (outcome.Status, outcome.CheckpointStep));
        Assert.Equal(Expected(last, paused.Step), outcome.State.Theta.HashText());
        var record = await File.ReadAllLinesAsync(
            Path.Combine(_folder.Path, "run", "console.log"), TestContext.Current.CancellationToken);
        Assert.Equal(7, record.Length);
        Assert.Contains("Z learner set learning-rate 0.3: by tester from 127.0.0.1:", record[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_decides_no_number_changes_in_the_folder_too_and_holds_after_a_crash()
    {
        var heard = new SettingsHeard();
        await using (var run = await TrainingRun.StartAsync(
            Options(observer: heard), TestContext.Current.CancellationToken))
        {
            await using var client = await ConsoleClient.ConnectAsync(
                "127.0.0.1", run.ConsoleAddress!.Value.Port, "tester", cancellation: TestContext.Current.CancellationToken);
            await UntilAsync(client, status => status.Step > 3);
            await TestConsole.AskAsync(client, "learner pause", yes: true);
            var paused = await UntilAsync(client, status => status.State == "paused by an operator");
            foreach (var (key, value) in new[] { ("outer-steps", $"{paused.Step + 5}"), ("checkpoint-interval", "2") })
            {
                Assert.False((await TestConsole.AskAsync(client, $"learner set {key} {value}", yes: true)).Failed);
            }

            Assert.Equal(
                [(paused.Step + 5, null), (paused.Step + 5, (int?)2)],
                heard.Settings.Select(it => ((long)it.OuterSteps, it.CheckpointInterval is 2 ? 2 : (int?)null)));
            Assert.Contains(
                $"involute.outer-steps = {paused.Step + 5}",
                (await TestConsole.AskAsync(client, "config show outer-steps")).Text, StringComparison.Ordinal);
        }

        // The process is gone without an end of the run: what is left stands on the disk.
        await using var resumed = await TrainingRun.StartAsync(
            Options(ConfigurationLoader.LoadRun(Path.Combine(_folder.Path, "run"), [])),
            TestContext.Current.CancellationToken);
        Assert.Equal(2, resumed.Configuration.CheckpointInterval);
        var outcome = await resumed.Completion;
        Assert.Equal((RunStatus.Finished, (long)resumed.Configuration.OuterSteps), (outcome.Status, outcome.CheckpointStep));
        var store = StoreFactory.Create(resumed.Folder, resumed.Configuration);
        Assert.Equal(
            ["involute.outer-steps", "involute.checkpoint-interval"], store.Read().SettingChanges.Select(change => change.Key));
    }

    [Fact]
    public async Task A_palette_of_ones_own_is_learned_by_the_client()
    {
        await using var run = await TrainingRun.StartAsync(Options(), TestContext.Current.CancellationToken);
        await using var client = await ConsoleClient.ConnectAsync(
            "127.0.0.1", run.ConsoleAddress!.Value.Port, "tester", cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(client.Palettes, palette => palette.Name == "machine");
        Assert.Matches("^[0-9]+ cores, [0-9]+ MiB$", (await TestConsole.AskAsync(client, "machine show")).Text);
    }

    private static async Task<(string State, long Step)> UntilAsync(
        ConsoleClient client, Func<(string State, long Step), bool> reached)
    {
        while (true)
        {
            await foreach (var response in client.ExecuteAsync(
                ["learner", "status"], json: true, cancellation: TestContext.Current.CancellationToken))
            {
                if (response.Text.Length == 0 || response.IsError)
                {
                    continue;
                }

                var status = JsonDocument.Parse(response.Text).RootElement;
                var seen = (status.GetProperty("state").GetString()!, status.GetProperty("outerStep").GetInt64());
                if (reached(seen))
                {
                    // Its end comes too.
                    return seen;
                }
            }
        }
    }

    private static string Expected(long steps, long changedAfter)
    {
        var plan = PlanFactory.Create(Quadratic);
        var other = ((MetaAdamOptions)Quadratic.MetaOptimizer with { LearningRate = 0.3 }).Create<float>();
        using var pairs = new AllPairs<float>(plan);
        var update = new OuterUpdate<float>(plan);
        var state = OuterState<float>.Initial(plan);
        for (var step = 1L; step <= steps; step++)
        {
            state = update.Apply(
                state, pairs.RunWindow(state.Theta), step <= changedAfter ? plan.MetaOptimizer : other).State;
        }

        return state.Theta.HashText();
    }

    private TrainingRunOptions Options(RunConfiguration? configuration = null, IRunObserver? observer = null) => new()
    {
        Observe = _ => observer ?? new RecordingObserver(),
        Mode = RunMode.BeginOrResume,
        Configuration = configuration ?? Quadratic,
        RunsFolder = _folder.Path,
        Name = "run",
        Console = new ConsoleOptions(new Endpoint("127.0.0.1", 0)) { Palettes = [MachinePalette.Handler] },
    };

    private sealed class SettingsHeard : IRunObserver, ISettingsObserver
    {
        public List<RunConfiguration> Settings { get; } = [];

        public void SettingsChanged(RunConfiguration settings) => Settings.Add(settings);

        public void Started(OuterState<float> state, IReadOnlyList<string> warnings)
        {
        }

        public void StepCompleted(OuterStepResult<float> result)
        {
        }

        public void CheckpointSaved(long step)
        {
        }

        public void Warned(string message)
        {
        }
    }
}
