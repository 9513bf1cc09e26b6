using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>The numbers that batches are made from, drawn here for many steps at once and brought to the device.</summary>
internal sealed class DeviceDraws : IDisposable
{
    // Enough that copies do not count, and little memory.
    private const int StepsAtOnce = 64;

    private readonly TorchTask _task;
    private readonly Device _device;
    private readonly Drawn _training;
    private readonly Drawn _meta;

    /// <summary>For the pairs of one unroll.</summary>
    public DeviceDraws(TorchTask task, int pairs, Device device)
    {
        _task = task;
        _device = device;
        _training = new Drawn(pairs, RandomStream.DataOrder);
        _meta = new Drawn(pairs, RandomStream.MetaDataOrder);
    }

    /// <summary>Draws what the steps from this one on need, if that has not been done.</summary>
    public void Prepare(ReadOnlySpan<Segment> segments, int step)
    {
        if (step % StepsAtOnce > 0)
        {
            return;
        }

        var isMeasured = false;
        foreach (var segment in segments)
        {
            isMeasured |= segment.LossTime is { AfterUpdate: true, Split: not null };
        }

        Draw(_training, segments, step);
        if (isMeasured)
        {
            Draw(_meta, segments, step);
        }
    }

    /// <summary>The batches of neighbouring segments.</summary>
    /// <param name="first">The first segment.</param>
    /// <param name="end">Behind the last one.</param>
    /// <param name="step">One of those that are prepared.</param>
    /// <param name="meta">Part of the data that the meta-loss is measured on; null for the batch that is trained on.</param>
    /// <returns>Each [pairs, …]; in the scope of the caller.</returns>
    public Tensor[] Batch(int first, int end, int step, DataSplit? meta)
    {
        using var none = no_grad();
        var drawn = meta is null ? _training : _meta;
        return _task.Gather(
            drawn.Indices![step % StepsAtOnce].narrow(0, first, end - first),
            drawn.Normals![step % StepsAtOnce].narrow(0, first, end - first), meta ?? DataSplit.Train);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _training.Dispose();
        _meta.Dispose();
    }

    private void Draw(Drawn drawn, ReadOnlySpan<Segment> segments, int from)
    {
        using var none = no_grad();
        var sizes = _task.Draws;
        var steps = 0;
        foreach (var segment in segments)
        {
            steps = Math.Max(steps, Math.Min(segment.Steps - from, StepsAtOnce));
        }

        var indices = new int[steps * segments.Length * sizes.Indices];
        var normals = new float[steps * segments.Length * sizes.Normals];
        for (var step = 0; step < steps; step++)
        {
            for (var i = 0; i < segments.Length; i++)
            {
                var segment = segments[i];
                if (from + step < segment.Steps)
                {
                    var at = (step * segments.Length) + i;
                    _task.Draw(
                        segment.Key.At(segment.FirstStep + from + step),
                        drawn == _training ? DataSplit.Train : segment.LossTime.Split ?? DataSplit.Train, drawn.Order,
                        drawn.Shuffling[segment.Pair], indices.AsSpan(at * sizes.Indices, sizes.Indices),
                        normals.AsSpan(at * sizes.Normals, sizes.Normals));
                }
            }
        }

        drawn.Set(
            tensor(indices).view(steps, segments.Length, sizes.Indices).to(_device),
            tensor(normals).view(steps, segments.Length, sizes.Normals).to(_device));
    }

    // One kind of batches: what is drawn for them, each [steps, segments, numbers].
    private sealed class Drawn(int pairs, RandomStream order) : IDisposable
    {
        public RandomStream Order => order;

        public BatchOrder[] Shuffling { get; } = [.. Enumerable.Range(0, pairs).Select(_ => new BatchOrder())];

        public Tensor? Indices { get; private set; }

        public Tensor? Normals { get; private set; }

        public void Set(Tensor indices, Tensor normals)
        {
            Dispose();
            (Indices, Normals) = (indices.DetachFromDisposeScope(), normals.DetachFromDisposeScope());
        }

        public void Dispose()
        {
            Indices?.Dispose();
            Normals?.Dispose();
        }
    }
}
