using Involute.Actors.Cluster;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Host.Running;
using Involute.Host.Tests.Reporting;
using Involute.Runs.Folders;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Spectre.Console;
using Xunit;

namespace Involute.Host.Tests.Running;

public sealed class RunRecorderTests : IDisposable
{
    private static readonly IReadOnlyList<ClusterMember> Members = [new(
        "127.0.0.1:4053", "learner", "up", true, 1, null)];

    private readonly ScratchFolder _runs = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _runs.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task Metrics_that_cannot_be_written_stop_the_run()
    {
        var folder = RunFolder.Create(_runs.Path, "a", "");
        using var recorder = Recorder(folder);
        Directory.CreateDirectory(folder.Metrics);
        recorder.Started(new OuterState<float>(new Theta<float>(new ThetaVersion(0), [0]), default), []);
        Assert.True(recorder.Broken.IsCompleted);
        Assert.NotEmpty((await recorder.Broken).Message);
    }

    private RunRecorder Recorder(RunFolder folder) => new(
        folder,
        SmallRun.Plan(new LearnableSgd()),
        new TrainingProgress(
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }),
            _errors,
            TimeProvider.System,
            10));
}
