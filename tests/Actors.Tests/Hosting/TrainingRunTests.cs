using Akka.Actor;
using Akka.Hosting;
using Involute.Estimators;
using Involute.Estimators.MetaOptimizers;
using Involute.Hosting;
using Involute.Runs;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Runs.Verification;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Involute.Actors.Tests.Hosting;

/// <summary>
/// A run in a user's program: it must end with the theta of the sequential program, however it is started.
/// </summary>
public sealed class TrainingRunTests : IDisposable
{
    private const int OuterSteps = 12;

    private readonly ScratchFolder _folder = new();

    private static RunConfiguration Quadratic { get; } = new()
    {
        OuterSteps = OuterSteps,
        Pairs = 3,
        Window = 7,
        Task = new QuadraticOptions { Dimension = 4 },
        Optimizer = new LearnableSgdOptions(),
        Truncation = new LogUniformOptions { Min = 5, Max = 30, Offset = 30 },
        CheckpointInterval = 5,
        Threads = 1,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_steps_are_those_of_the_sequential_program()
    {
        var thetas = new List<string>();
        await using var run = await TrainingRun.StartAsync(Options(), TestContext.Current.CancellationToken);
        await foreach (var step in run.Steps(TestContext.Current.CancellationToken))
        {
            thetas.Add(step.State.Theta.HashText());
        }

        var outcome = await run.Completion;
        Assert.Equal((RunStatus.Finished, false), (outcome.Status, run.Resumed));
        Assert.Equal(Expected(OuterSteps), thetas);
        Assert.Equal(OuterSteps, outcome.CheckpointStep);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(5, 5)]
    public async Task Thetas_are_kept_whose_hashes_the_ledger_has(int? every, int expected)
    {
        var configuration = Quadratic with { KeepThetaEvery = every };
        await using (var run = await TrainingRun.StartAsync(Options(configuration), TestContext.Current.CancellationToken))
        {
            Assert.Equal(RunStatus.Finished, (await run.Completion).Status);
        }

        var thetas = RunThetas.Read(Path.Combine(_folder.Path, "run"));
        var hashes = Expected(OuterSteps).ToList();
        for (var step = expected; step <= OuterSteps; step += expected)
        {
            Assert.Equal(hashes[step - 1], thetas.Of(step)!.HashText());
        }

        Assert.Equal(OuterSteps, thetas.Newest.Version.Value);
    }

    [Fact]
    public async Task A_learning_rate_that_a_resume_changes_holds_from_the_next_new_step_on_and_replays()
    {
        var changed = Quadratic with
        {
            OuterSteps = 17,
            MetaOptimizer = (MetaAdamOptions)Quadratic.MetaOptimizer with { LearningRate = 0.2 },
        };
        await RunAsync(Quadratic);
        Assert.Equal(Switched(17, OuterSteps, changed), await RunAsync(changed));

        // The ledger has the change, not the settings in the folder; it goes on with it.
        var longer = ConfigurationLoader.LoadRun(Path.Combine(_folder.Path, "run"), []) with { OuterSteps = 23 };
        Assert.Equal(Quadratic.MetaOptimizer, longer.MetaOptimizer);
        Assert.Equal(Switched(23, OuterSteps, changed), await RunAsync(longer));

        var folder = RunFolder.Open(_folder.Path, "run");
        var read = RunReader.Read(folder, longer, StoreFactory.Create(folder, longer), whole: true);
        Assert.Equal(
            [
                ("involute.outer-steps", 12L), ("involute.meta-optimizer.learning-rate", 12L), ("involute.outer-steps", 17L),
            ], read.History.SettingChanges.Select(change => (change.Key, change.Step!.Value)));
        var plan = PlanFactory.Create(longer);
        Assert.True(new Replay(plan, 1) { FromStart = true }.Run(read).Violations > 0);
        var optimizers = new ChangingSettings(longer, read.History.SettingChanges);
        Assert.Equal(
            0, new Replay(plan, 1) { FromStart = true, Optimizers = optimizers.OptimizerOf }.Run(read).Violations);
    }

    [Fact]
    public async Task A_run_that_was_stopped_goes_on_under_its_name_with_more_steps()
    {
        using var stop = new CancellationTokenSource();
        await using (var first = await TrainingRun.StartAsync(
            Options(Quadratic with { OuterSteps = 1_000_000 }), stop.Token))
        {
            await foreach (var step in first.Steps(TestContext.Current.CancellationToken))
            {
                if (step.Version.Value == 4)
                {
                    await stop.CancelAsync();
                    break;
                }
            }

            Assert.Equal(RunStatus.Interrupted, (await first.Completion).Status);
        }

        var done = (int)(await LastStepAsync()) + 3;
        await using var second = await TrainingRun.StartAsync(
            Options(Quadratic with { OuterSteps = done }), TestContext.Current.CancellationToken);
        var outcome = await second.Completion;
        Assert.True(second.Resumed);
        Assert.Equal(RunStatus.Finished, outcome.Status);
        Assert.Equal(Expected(done)[^1], outcome.State!.Theta.HashText());
    }

    [Fact]
    public async Task What_cannot_be_begun_or_resumed_is_refused_in_one_line()
    {
        await using (var run = await TrainingRun.StartAsync(Options(), TestContext.Current.CancellationToken))
        {
            await Assert.ThrowsAsync<RunClaimedException>(
                () => TrainingRun.StartAsync(Options(), TestContext.Current.CancellationToken));
            await run.Completion;
        }

        Assert.Contains("already exists", await RefusalAsync(Options(mode: RunMode.Begin)), StringComparison.Ordinal);
        Assert.Contains(
            "involute.sigma cannot change", await RefusalAsync(Options(Quadratic with { Sigma = 0.5 })),
            StringComparison.Ordinal);
        Assert.Contains(
            "but the run has done 12", await RefusalAsync(Options(Quadratic with { OuterSteps = 3 })),
            StringComparison.Ordinal);
        var missing = Options(mode: RunMode.Resume);
        missing.Name = "another";
        await Assert.ThrowsAsync<IOException>(
            () => TrainingRun.StartAsync(missing, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_generic_host_starts_and_stops_it()
    {
        using var host = new HostBuilder().ConfigureServices(services => services.AddInvolute(options =>
        {
            options.Configuration = Quadratic;
            options.RunsFolder = _folder.Path;
            options.Name = "run";
            options.StopsApplication = true;
        })).Build();
        var service = host.Services.GetRequiredService<TrainingRunService>();
        await host.RunAsync(TestContext.Current.CancellationToken);
        var outcome = await (await service.Run).Completion;
        Assert.Equal(Expected(OuterSteps)[^1], outcome.State!.Theta.HashText());
    }

    [Fact]
    public async Task A_host_that_stops_leaves_a_run_that_goes_on()
    {
        using var host = new HostBuilder().ConfigureServices(services => services.AddInvolute(options =>
        {
            options.Configuration = Quadratic with { OuterSteps = 1_000_000 };
            options.RunsFolder = _folder.Path;
            options.Name = "run";
        })).Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var run = await host.Services.GetRequiredService<TrainingRunService>().Run;
        await run.Leading;
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(RunStatus.Interrupted, (await run.Completion).Status);

        var done = (int)await LastStepAsync() + 1;
        await using var second = await TrainingRun.StartAsync(
            Options(Quadratic with { OuterSteps = done }), TestContext.Current.CancellationToken);
        Assert.Equal(Expected(done)[^1], (await second.Completion).State!.Theta.HashText());
    }

    [Fact]
    public async Task It_runs_in_the_hosts_own_actor_system_beside_other_actors()
    {
        var options = Options();
        using var host = new HostBuilder().ConfigureServices(services => services
            .AddAkka("mine", akka => akka.WithInvolute(options).WithActors(
                (system, _) => system.ActorOf(Props.Empty, "other")))
            .AddInvolute(own =>
            {
                own.Configuration = options.Configuration;
                own.RunsFolder = options.RunsFolder;
                own.Name = options.Name;
            })).Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var run = await host.Services.GetRequiredService<TrainingRunService>().Run;
        var supervisor = await host.Services.GetRequiredService<ActorSystem>().ActorSelection("/user/involute-run")
            .ResolveOne(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal("involute-run", supervisor.Path.Name);
        Assert.Equal(Expected(OuterSteps)[^1], (await run.Completion).State!.Theta.HashText());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static List<string> Expected(int steps) =>
        [.. new SequentialTrainer<float>(PlanFactory.Create(Quadratic)).Run(steps).Select(
            step => step.State.Theta.HashText())];

    private async Task<string> RunAsync(RunConfiguration configuration)
    {
        await using var run = await TrainingRun.StartAsync(Options(configuration), TestContext.Current.CancellationToken);
        var outcome = await run.Completion;
        Assert.Equal(RunStatus.Finished, outcome.Status);
        return outcome.State!.Theta.HashText();
    }

    // What a program without actors computes that takes another meta-optimizer after a step.
    private static string Switched(int steps, int after, RunConfiguration changed)
    {
        var (plan, other) = (PlanFactory.Create(Quadratic), PlanFactory.Create(changed));
        using var pairs = new AllPairs<float>(plan);
        var update = new OuterUpdate<float>(plan);
        var state = OuterState<float>.Initial(plan);
        for (var step = 1; step <= steps; step++)
        {
            state = update.Apply(
                state, pairs.RunWindow(state.Theta), (step <= after ? plan : other).MetaOptimizer).State;
        }

        return state.Theta.HashText();
    }

    private static async Task<string> RefusalAsync(TrainingRunOptions options) =>
        (await Assert.ThrowsAsync<RunRefusedException>(() => TrainingRun.StartAsync(options, TestContext.Current.CancellationToken))).Message;

    private async Task<long> LastStepAsync()
    {
        await using var open = OpenRun.StandBy(
            Runs.Folders.RunFolder.Open(_folder.Path, "run"), Quadratic);
        return open.Store.Read().LastStep;
    }

    private TrainingRunOptions Options(RunConfiguration? configuration = null, RunMode mode = RunMode.BeginOrResume) =>
        new()
        {
            Configuration = configuration ?? Quadratic,
            RunsFolder = _folder.Path,
            Name = "run",
            Mode = mode,
        };
}
