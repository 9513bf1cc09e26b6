using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Host.Running;
using Involute.Host.Tests.Reporting;
using Involute.Runs;
using Involute.Runs.Folders;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Spectre.Console;
using Xunit;

namespace Involute.Host.Tests.Running;

public sealed class RunRecorderTests : IDisposable
{
    private static readonly OuterState<float> Initial = new(new Theta<float>(new ThetaVersion(0), [0]), default);

    private readonly ScratchFolder _runs = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _runs.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public void Files_that_cannot_be_written_are_a_warning_each()
    {
        var folder = RunFolder.Create(_runs.Path, "a", "");
        using var recorder = Recorder(folder);
        foreach (var path in new[] { folder.Status, folder.Metrics, folder.Pairs })
        {
            Directory.CreateDirectory(Path.Combine(path, "in the way"));
        }

        recorder.Started(Initial, []);
        Assert.Equal(
            [folder.Status, folder.Metrics, folder.Pairs],
            Warnings().Select(line => line["warning: ".Length..line.IndexOf(" cannot be written", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_table_that_cannot_be_opened_is_opened_when_it_can_be()
    {
        var folder = RunFolder.Create(_runs.Path, "a", "");
        Directory.CreateDirectory(Path.Combine(folder.Metrics, "in the way"));
        var steps = SmallRun.Steps(new LearnableSgd(), 2);
        using (var recorder = Recorder(folder))
        {
            recorder.Started(Initial, []);
            recorder.StepCompleted(steps[0]);
            Directory.Delete(folder.Metrics, recursive: true);
            recorder.StepCompleted(steps[1]);
        }

        Assert.Equal(["outer_step", "2"], File.ReadLines(folder.Metrics).Select(line => line.Split(',')[0]));
        Assert.Equal(
            [
                $"warning: {folder.Metrics} is not there: it begins anew at outer step 2",
                $"warning: {folder.Metrics} is written again; it lacks outer steps 1 to 1",
            ],
            Warnings().Skip(1));
    }

    [Fact]
    public void The_end_that_cannot_be_written_is_a_warning()
    {
        var folder = RunFolder.Create(_runs.Path, "a", "");
        using var recorder = Recorder(folder);
        recorder.Started(Initial, []);
        File.Delete(folder.Status);
        Directory.CreateDirectory(Path.Combine(folder.Status, "in the way"));
        File.WriteAllText(folder.Plots, "in the way");
        recorder.Ended(new RunOutcome(RunStatus.Finished, Initial, 1, 0, ""), "a");
        Assert.Collection(
            Warnings(),
            line => Assert.StartsWith($"warning: {folder.Status} cannot be written: ", line),
            line => Assert.StartsWith("warning: the plots cannot be drawn: ", line));
    }

    private string[] Warnings() => _errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private RunRecorder Recorder(RunFolder folder) => new(
        folder,
        SmallRun.Plan(new LearnableSgd()),
        new TrainingProgress(
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }),
            _errors,
            TimeProvider.System,
            10));
}
