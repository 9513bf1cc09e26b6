using Involute.Actors.Cluster;
using Involute.Estimators;
using Involute.Hosting;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Hosting;

public sealed class WatchedRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_process_that_computes_by_itself_tells_where_it_can_be_asked_as_long_as_it_can()
    {
        var run = await TrainingRun.StartAsync(
            new TrainingRunOptions
            {
                Configuration = new RunConfiguration
                {
                    OuterSteps = 1_000_000,
                    Pairs = 2,
                    Task = new QuadraticOptions { Dimension = 4 },
                    Optimizer = new LearnableSgdOptions(),
                    Threads = 1,
                },
                RunsFolder = _folder.Path,
                Name = "run",
                Console = new ConsoleOptions(new Endpoint("127.0.0.1", 0)),
                Web = new Endpoint("127.0.0.1", 9464),
            },
            TestContext.Current.CancellationToken);
        var folder = RunFolder.Open(_folder.Path, "run");

        var place = run.ConsoleAddress?.ToString();
        var told = Assert.Single(NodesFile.Read(folder));
        await run.DisposeAsync();

        Assert.Equal(
            (ClusterRole.Alone, place, "127.0.0.1:9464"), (told.Role, told.Console, told.Web));
        Assert.False(File.Exists(folder.Nodes));
    }

    [Fact]
    public void What_measures_a_run_passes_everything_on()
    {
        var heard = new Listener();
        using var instruments = new RunInstruments("first", 10, heard, TimeProvider.System);
        IRunObserver observer = instruments;

        observer.CheckpointSaved(3);
        observer.Warned("a warning");
        observer.Told(new RunNews("worker-joined", "a worker has joined"));

        Assert.Equal(["checkpoint 3", "a warning", "worker-joined"], heard.Heard);
    }

    private sealed class Listener : IRunObserver
    {
        public List<string> Heard { get; } = [];

        public void Started(OuterState<float> state, IReadOnlyList<string> warnings) => Heard.Add("started");

        public void StepCompleted(OuterStepResult<float> result) => Heard.Add("step");

        public void CheckpointSaved(long step) => Heard.Add($"checkpoint {step}");

        public void Warned(string message) => Heard.Add(message);

        public void Told(RunNews news) => Heard.Add(news.Event);
    }
}
