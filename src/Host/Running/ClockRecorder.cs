using Involute.Actors.Learning;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting.Clock;
using Involute.Host.Reporting.Live;
using Involute.Host.Reporting.TensorBoard;
using Involute.Runs;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;

namespace Involute.Host.Running;

/// <summary>
/// Writes down what depends on the clock: progress.csv, nodes.csv, progress.json and the event files of TensorBoard. Rows are
/// as far apart as they must be to cost less than one percent of the time (<see cref="RowPace"/>).
/// </summary>
/// <param name="folder">The run's folder.</param>
/// <param name="configuration">Its settings.</param>
/// <param name="plan">Its plan.</param>
/// <param name="files">Writes the files, or warns.</param>
/// <param name="warn">Is told what is wrong with files that are there.</param>
/// <param name="tell">Is told of nodes that have become slow, or fast again.</param>
/// <param name="time">The clock.</param>
internal sealed class ClockRecorder(
    RunFolder folder, RunConfiguration configuration, TrainingPlan<float> plan, FilesForPeople files, Action<string> warn,
    Action<RunNews> tell, TimeProvider time) : IDisposable
{
    // How many rows come in a time in which a run's duration grows e-fold.
    private const double Rows = 2000;
    private const double Details = 200;
    private const double Renewals = 1e6;

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);

    private readonly RowPace _rowPace = new(time, Rows, TimeSpan.Zero);
    private readonly RowPace _detailPace = new(time, Details, TimeSpan.FromSeconds(0.25));
    private readonly RowPace _livePace = new(time, Renewals, Renewal);
    private readonly NodeTotals _nodes = new();
    private readonly LiveNews _news = new(time);
    private readonly SlowNodes _slow = new();
    private ProgressCsv? _progress;
    private NodesCsv? _nodesCsv;
    private TensorBoardLog? _tensorBoard;
    private Moment _lastRow;
    private Moment _lastLive;
    private (double Elapsed, IReadOnlyDictionary<string, NodeWork> Work) _lastDetails = (0, new Dictionary<string, NodeWork>());
    private (double Elapsed, IReadOnlyDictionary<string, NodeWork> Work) _lastLiveNodes = (0, new Dictionary<string, NodeWork>());
    private StepTotals _sums;
    private Theta<float>? _theta;
    private long _began;
    private double _before;

    private double Elapsed => _before + time.GetElapsedTime(_began).TotalSeconds;

    /// <summary>A learner begins in this process.</summary>
    /// <param name="state">From where.</param>
    /// <param name="worked">Time that learners have been at work, asked if progress.csv does not tell.</param>
    public void Started(OuterState<float> state, Func<double> worked)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(worked);
        var step = state.Theta.Version.Value;
        _theta = state.Theta;
        _news.Checkpoint = (step, null);
        files.Open(folder.Progress, step + 1, () => _ = OpenProgress(step));
        _before = step == 0 ? 0 : _progress?.Elapsed ?? Worked(worked);
        _began = time.GetTimestamp();
        _lastRow = _lastLive = new Moment(_before, default);
        _lastDetails = _lastLiveNodes = (_before, new Dictionary<string, NodeWork>());
    }

    /// <summary>Settings that decide no number have changed.</summary>
    public void SettingsChanged(RunConfiguration settings) => configuration = settings;

    /// <summary>A checkpoint is on disk.</summary>
    public void CheckpointSaved(long step) => _news.Checkpoint = (step, time.GetUtcNow());

    /// <summary>Something was told to the operator.</summary>
    public void Warned(string message) => _news.Add(message);

    /// <summary>An outer step is done.</summary>
    /// <param name="result">What it did.</param>
    /// <param name="course">How it came about.</param>
    public void StepMeasured(OuterStepResult<float> result, StepCourse course)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(course);
        var elapsed = Elapsed;
        _sums = _sums.With(result, _nodes.Add(course));
        var isLast = result.Version.Value >= configuration.OuterSteps;
        if (isLast || _rowPace.IsDue(elapsed))
        {
            var began = time.GetTimestamp();
            WriteRow(Row(result, course, elapsed), result.State.Theta, isLast);
            _rowPace.Wrote(began, elapsed);
        }

        if (isLast || _livePace.IsDue(elapsed))
        {
            var began = time.GetTimestamp();
            var live = Live(result, course, elapsed).ToJson();
            files.WriteStep(folder.Live, result.Version.Value, () => AtomicFile.Write(folder.Live, live));
            _livePace.Wrote(began, elapsed);
        }

        _theta = result.State.Theta;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _progress?.Dispose();
        _nodesCsv?.Dispose();
        _tensorBoard?.Dispose();
    }

    private double Worked(Func<double> worked)
    {
        try
        {
            return worked();
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            warn($"how long the run has taken cannot be told ({unreadable.Message}): its time counts from here");
            return 0;
        }
    }

    private ClockRow Row(OuterStepResult<float> result, StepCourse course, double elapsed)
    {
        var (low, high) = PairLosses.Of(result.Reports);
        return new ClockRow(
            result.Version.Value, time.GetUtcNow(), elapsed, elapsed - _lastRow.Elapsed, _sums.Since(_lastRow.Sums),
            result.State.InnerSteps)
        {
            LowLoss = low,
            HighLoss = high,
            GradientNorm = result.GradientNorm,
            UpdateNorm = ThetaDistance.Between(_theta!, result.State.Theta),
            MetaLearningRate = course.MetaLearningRate
                ?? configuration.MetaOptimizer.LearningRateAt(result.Version.Value),
            SignalToNoise = SignalToNoise.Of(course.Contributions),
            Pairs = result.Reports.Count,
            Nodes = _nodes.AtWork,
            Threads = course.Threads.Values.Sum(),
            Discarded = course.Discarded,
            Restarts = course.Restarts,
        };
    }

    private void WriteRow(ClockRow row, Theta<float> theta, bool isLast)
    {
        var done = row.OuterStep - 1;
        files.WriteStep(folder.Progress, row.OuterStep, () => OpenProgress(done).Append(row));
        if (configuration.TensorBoard)
        {
            files.WriteStep(folder.TensorBoard, row.OuterStep, () => OpenTensorBoard(done).Append(row, theta));
        }

        if (isLast || _detailPace.IsDue(row.ElapsedSeconds))
        {
            var began = time.GetTimestamp();
            var nodes = NodeRow.Of(_nodes, _lastDetails.Work, row.ElapsedSeconds - _lastDetails.Elapsed);
            files.WriteStep(
                folder.NodeTimes, row.OuterStep, () => OpenNodes(done).Append(row.OuterStep, row.Time, nodes));
            if (configuration.TensorBoard)
            {
                files.WriteStep(
                    folder.TensorBoard, row.OuterStep, () => OpenTensorBoard(done).AppendDetails(row, theta, nodes));
            }

            _lastDetails = (row.ElapsedSeconds, _nodes.Snapshot());
            _detailPace.Wrote(began, row.ElapsedSeconds);
        }

        _lastRow = new Moment(row.ElapsedSeconds, _sums);
    }

    private LiveStatus Live(OuterStepResult<float> result, StepCourse course, double elapsed)
    {
        var (seconds, since) = (elapsed - _lastLive.Elapsed, _sums.Since(_lastLive.Sums));
        var nodes = NodeRow.Of(_nodes, _lastLiveNodes.Work, elapsed - _lastLiveNodes.Elapsed);
        (_lastLive, _lastLiveNodes) = (new Moment(elapsed, _sums), (elapsed, _nodes.Snapshot()));
        foreach (var news in _slow.Look(nodes, result.Version.Value))
        {
            tell(news);
        }

        return _news.Status(
            (result.Version.Value, configuration.OuterSteps), (elapsed, seconds, since), nodes,
            [
                .. _nodes.Slowest(LiveNews.Slowest).Select(it => new LivePairs(
                    course.Contributions[it.Block].Block.First, course.Contributions[it.Block].Block.Count, it.Seconds,
                    NodeName.Place(it.Node))),
            ],
            course.Restarts);
    }

    private ProgressCsv OpenProgress(long done) => _progress ??= ProgressCsv.Open(folder.Progress, done, warn);

    private NodesCsv OpenNodes(long done) => _nodesCsv ??= NodesCsv.Open(folder.NodeTimes, done, warn);

    private TensorBoardLog OpenTensorBoard(long done) => _tensorBoard ??= TensorBoardLog.Begin(
        folder.TensorBoard, plan.Problem.Layout, time.GetUtcNow(), done + 1);

    private readonly record struct Moment(double Elapsed, StepTotals Sums);
}
