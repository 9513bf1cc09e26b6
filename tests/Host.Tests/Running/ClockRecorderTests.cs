using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Clock;
using Involute.Host.Reporting.Live;
using Involute.Host.Running;
using Involute.Host.Tests.Reporting;
using Involute.Host.Tests.Reporting.Clock;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Running;

public sealed class ClockRecorderTests : IDisposable
{
    private readonly ScratchFolder _runs = new();
    private readonly ManualTime _time = new();
    private readonly List<string> _warnings = [];
    private readonly RunFolder _folder;

    public ClockRecorderTests() => _folder = RunFolder.Create(_runs.Path, "a", "");

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void A_row_tells_times_rates_norms_and_fractions_of_its_step()
    {
        Record(0, 1);
        var table = CsvTable.Read(_folder.Progress);
        Assert.Equal(ProgressCsv.Header.Split(','), table.Names);
        Assert.Equal(1, table.Rows);
        double At(string column) => table[column][0];
        Assert.Equal((1, 2, 1), (At("outer_step"), At("elapsed_seconds"), At("steps")));
        Assert.Equal((0.5, 50), (At("outer_steps_per_second"), At("inner_steps_per_second")));
        Assert.Equal((2.5, 1.3, 3.7), (At("mean_meta_loss"), At("pair_loss_p10"), At("pair_loss_p90")));
        Assert.Equal((0.5, 1, 0.03), (At("gradient_norm"), At("update_norm"), At("meta_learning_rate")));
        Assert.Equal((0.25, 0), (At("reset_fraction"), At("diverged_fraction")));

        // Gradients 1, 2, 3, 4: a mean of 2.5 with an error of √(5/3) / 2.
        Assert.Equal(2.5 / (Math.Sqrt(5.0 / 3) / 2), At("signal_to_noise"), 1e-3);
        Assert.Equal((2, 3), (At("nodes"), At("threads")));

        // Two pairs of 0.1 s and two of 0.3 s, in two seconds of three threads.
        Assert.Equal((0.8, 5.2), (At("compute_seconds"), At("waiting_seconds")));
        Assert.Equal(5.2 / 6, At("waiting_share"), 1e-3);
        Assert.Equal((0, 0, 3, 1), (At("avg_staleness"), At("max_staleness"), At("discarded_answers"), At("restarts")));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Nodes_are_told_by_their_places_with_their_shares()
    {
        Record(0, 1);
        var rows = File.ReadAllLines(_folder.NodeTimes);
        Assert.Equal(NodesCsv.Header, rows[0]);
        Assert.Equal(["127.0.0.1:4001", "2", "2", "0.200", "0.25", "0.05", "0.1"], rows[1].Split(',')[2..]);
        Assert.Equal(["127.0.0.1:4002", "1", "2", "0.600", "0.75", "0.3", "0.3"], rows[2].Split(',')[2..]);
    }

    [Fact]
    public void The_live_status_names_slow_nodes_and_pairs_the_checkpoint_and_warnings()
    {
        Record(0, 1, recorder =>
        {
            recorder.CheckpointSaved(1);
            recorder.Warned("a worker is gone");
        });
        var live = LiveStatus.FromJson(File.ReadAllText(_folder.Live))!;
        Assert.Equal((1, 600, 1, 1), (live.OuterStep, live.OuterSteps, live.CheckpointStep, live.Restarts));
        Assert.Equal([0.5, 1.5], live.Nodes.Select(node => Math.Round(node.Slowness!.Value, 9)));
        Assert.Equal((2, "127.0.0.1:4002"), (live.SlowestPairs[0].First, live.SlowestPairs[0].Node));
        Assert.Equal("a worker is gone", Assert.Single(live.Warnings).Message);
    }

    [Fact]
    public void Time_goes_on_where_the_table_ends_and_a_folder_without_it_asks_the_ledger()
    {
        Record(0, 3);
        Record(2, 3);
        Assert.Equal([2, 4, 6], CsvTable.Read(_folder.Progress)["elapsed_seconds"]);
        File.Delete(_folder.Progress);
        Record(3, 4, worked: () => 100);
        Assert.Equal([102], CsvTable.Read(_folder.Progress)["elapsed_seconds"]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_ledger_that_cannot_be_read_is_a_warning()
    {
        Record(3, 4, worked: () => throw new IOException("no answer"));
        Assert.Contains("no answer", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal([2], CsvTable.Read(_folder.Progress)["elapsed_seconds"]);
    }

    [Fact]
    public void Files_that_cannot_be_written_are_a_warning_each_and_no_end()
    {
        foreach (var path in new[] { _folder.Progress, _folder.NodeTimes, _folder.Live })
        {
            Directory.CreateDirectory(Path.Combine(path, "in the way"));
        }

        File.WriteAllText(_folder.TensorBoard, "in the way");
        Record(0, 3);
        const string wrong = " cannot be written";
        Assert.Equal(
            new[] { _folder.Live, _folder.NodeTimes, _folder.Progress, _folder.TensorBoard }.Order(),
            _warnings.Where(line => line.Contains(wrong, StringComparison.Ordinal))
                .Select(line => line[..line.IndexOf(wrong, StringComparison.Ordinal)]).Order());
    }

    [Fact]
    public void Without_the_setting_there_are_no_event_files()
    {
        Record(0, 2, configuration: new RunConfiguration { TensorBoard = false });
        Assert.False(Directory.Exists(_folder.TensorBoard));
        Record(2, 3);
        Assert.Single(Directory.GetFiles(_folder.TensorBoard));
    }

    // Steps from one to another, two seconds each.
    private void Record(
        long from, long to, Action<ClockRecorder>? beforehand = null, Func<double>? worked = null,
        RunConfiguration? configuration = null)
    {
        using var recorder = new ClockRecorder(
            _folder, configuration ?? new RunConfiguration(), SmallRun.Plan(new LearnableSgd()), new FilesForPeople(_warnings.Add),
            _warnings.Add, news => _warnings.Add(news.Text), _time);
        recorder.Started(
            new OuterState<float>(new Theta<float>(new ThetaVersion(from), [from]), default), worked ?? (() => 0));
        beforehand?.Invoke(recorder);
        for (var step = from + 1; step <= to; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            recorder.StepMeasured(Steps.Of(step, step, [1, 2, 3, 4], resets: 1), Steps.Course(step));
        }
    }
}
