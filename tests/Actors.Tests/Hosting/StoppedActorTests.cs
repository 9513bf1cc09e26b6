using Akka.Actor;
using Akka.Hosting;
using Involute.Estimators;
using Involute.Hosting;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Involute.Actors.Tests.Hosting;

/// <summary>An actor of a run that something else in the program stops: the run ends, and says so.</summary>
[Trait("Speed", "slow")]
public sealed class StoppedActorTests : IDisposable
{
    private const string Journal = "/system/akka.persistence.journal.involute";
    private const string Snapshots = "/system/akka.persistence.snapshot-store.involute";

    private static readonly RunConfiguration Endless = new()
    {
        OuterSteps = 1_000_000,
        Pairs = 3,
        Window = 7,
        Task = new QuadraticOptions { Dimension = 4 },
        Optimizer = new LearnableSgdOptions(),
        Truncation = new LogUniformOptions { Min = 5, Max = 30, Offset = 30 },
        CheckpointInterval = 5,
        Threads = 1,
    };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/user/involute-run", RunStatus.Failed, "stopped from inside")]
    [InlineData("/user/involute-run/learner", RunStatus.Failed, "stopped from inside")]
    [InlineData("/user/involute-run/node", RunStatus.Failed, "no node is left")]
    [InlineData("/user/involute-run/learner/ledger", RunStatus.StorageFailed, "the ledger stopped")]
    [InlineData(Journal, RunStatus.StorageFailed, "was stopped from inside")]
    [InlineData(Snapshots, RunStatus.StorageFailed, "was stopped from inside")]
    public async Task An_actor_that_is_stopped_ends_the_run_with_a_line(string path, RunStatus status, string part)
    {
        foreach (var end in new object[] { PoisonPill.Instance, Kill.Instance })
        {
            var observer = new FirstCheckpoint();
            var options = new TrainingRunOptions
            {
                Configuration = Endless,
                RunsFolder = _folder.Path,
                Name = "run",
                Observe = _ => observer,
            };
            using var host = new HostBuilder().ConfigureServices(services => services
                .AddAkka("mine", akka => akka.WithInvolute(options))).Build();
            await host.StartAsync(TestContext.Current.CancellationToken);
            options.ActorSystem = host.Services.GetRequiredService<ActorSystem>();
            await using (var run = await TrainingRun.StartAsync(options, TestContext.Current.CancellationToken))
            {
                await observer.Saved.Task.WaitAsync(TestContext.Current.CancellationToken);
                options.ActorSystem.ActorSelection(path).Tell(end);
                var outcome = await run.Completion.WaitAsync(
                    TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
                Assert.True(
                    status == outcome.Status && outcome.Message.Contains(part, StringComparison.Ordinal),
                    $"{end}: {outcome.Status}: {outcome.Message}");
                Assert.DoesNotContain('\n', outcome.Message);
            }

            await host.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    // From then on all actors are there: a run begins before its store does.
    private sealed class FirstCheckpoint : IRunObserver
    {
        public TaskCompletionSource Saved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Started(OuterState<float> state, IReadOnlyList<string> warnings)
        {
        }

        public void StepCompleted(OuterStepResult<float> result)
        {
        }

        public void CheckpointSaved(long step) => Saved.TrySetResult();

        public void Warned(string message)
        {
        }
    }
}
