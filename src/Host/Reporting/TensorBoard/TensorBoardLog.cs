using Involute.Estimators.Plans;
using Involute.Host.Reporting.Clock;
using Involute.Tasks;
using Involute.Tasks.Components;

namespace Involute.Host.Reporting.TensorBoard;

/// <summary>
/// Event files of a run: scalars under the names that users of google/learned_optimization know, and histograms of theta. The
/// tags are listed in docs/metrics.md.
/// </summary>
internal sealed class TensorBoardLog : IDisposable
{
    // Of a theta with more tensors, the first have histograms and means.
    private const int MostTensors = 64;

    private readonly EventFile _file;
    private readonly IReadOnlyList<TensorSlice> _tensors;

    private TensorBoardLog(EventFile file, ThetaLayout layout) =>
        (_file, _tensors) = (file, [.. layout.Slices.Take(MostTensors)]);

    /// <summary>Begins a file of its own: what files of earlier learners have of later steps does not count.</summary>
    /// <param name="folder">The folder of all files of the run.</param>
    /// <param name="layout">The names of theta's tensors.</param>
    /// <param name="time">Now.</param>
    /// <param name="firstStep">The outer step that comes next.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static TensorBoardLog Begin(string folder, ThetaLayout layout, DateTimeOffset time, long firstStep)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new TensorBoardLog(EventFile.Begin(folder, time, firstStep), layout);
    }

    /// <summary>Appends a stretch of outer steps.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(ClockRow row, Theta<float> theta)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(theta);
        var summary = new SummaryMessage();
        foreach (var (tag, value) in Scalars(row))
        {
            summary.Scalar(tag, value);
        }

        foreach (var tensor in _tensors)
        {
            summary.Scalar(
                ThetaColumns.MeanAbsolute + tensor.Name,
                ThetaColumns.Mean(theta.Values.Slice(tensor.Offset, tensor.Length)));
        }

        AddValues(summary, theta);
        _file.Append(row.Time, row.OuterStep, summary);
    }

    /// <summary>Appends what is written more rarely: histograms of theta, and the nodes.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void AppendDetails(ClockRow row, Theta<float> theta, IReadOnlyList<NodeRow> nodes)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(theta);
        ArgumentNullException.ThrowIfNull(nodes);
        var summary = new SummaryMessage();
        foreach (var tensor in _tensors)
        {
            summary.Histogram(ThetaColumns.Value + tensor.Name, theta.Values.Slice(tensor.Offset, tensor.Length));
        }

        foreach (var node in nodes)
        {
            summary.Scalar($"node_share/{node.Node}", node.Share);
            summary.Scalar($"node_busy/{node.Node}", node.Busy);
        }

        _file.Append(row.Time, row.OuterStep, summary);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // A theta that is short enough to be looked at value by value, in natural units.
    private void AddValues(SummaryMessage summary, Theta<float> theta)
    {
        if (!ThetaValues.IsShort(theta))
        {
            return;
        }

        foreach (var tensor in _tensors)
        {
            var unit = NaturalUnit.Of(tensor.Name);
            for (var i = 0; i < tensor.Length; i++)
            {
                var value = theta.Values[tensor.Offset + i];
                summary.Scalar(
                    $"theta_value/{unit?.Name ?? tensor.Name}{(tensor.Length > 1 ? $"[{i}]" : "")}",
                    unit?.Value(value) ?? value);
            }
        }
    }

    private static (string Tag, double Value)[] Scalars(ClockRow row) =>
    [
        ("mean_loss", row.Sums.MeanLoss),
        ("grad_norm", row.GradientNorm),
        ("update_norm", row.UpdateNorm),
        ("meta_learning_rate", row.MetaLearningRate),
        ("signal_to_noise", row.SignalToNoise),
        ("reset_fraction", row.Sums.ResetFraction),
        ("diverged_fraction", row.Sums.DivergedFraction),
        ("avg_staleness", 0),
        ("max_staleness", 0),
        ("removed_stale_grads", row.Discarded),
        ("unique_worker", row.Nodes),
        ("buffer_size", row.Pairs),
        ("global_step_per_second", row.OuterStepsPerSecond),
        ("total_time/inner_steps_per_second", row.InnerStepsPerSecond),
        ("total_time/elapsed_seconds", row.ElapsedSeconds),
        ("total_time/inner_steps", row.TotalInnerSteps),
        ("total_time/waiting_share", row.WaitingShare),
        ("restarts", row.Restarts),
    ];
}
