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
    /// <param name="rounds">The steps that pairs take side by side, of the whole call.</param>
    /// <param name="round">The next.</param>
    public void Prepare(IReadOnlyList<PairStep[]> rounds, int round)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        if (round % StepsAtOnce > 0)
        {
            return;
        }

        PairStep[][] coming = [.. rounds.Skip(round).Take(StepsAtOnce)];
        Draw(_training, coming);
        if (coming.Any(steps => steps.Any(step => step.LossTime is { AfterUpdate: true, Split: not null })))
        {
            Draw(_meta, coming);
        }
    }

    /// <summary>The batches of neighbouring steps of a round.</summary>
    /// <param name="first">The first.</param>
    /// <param name="end">Behind the last one.</param>
    /// <param name="round">One of those that are prepared.</param>
    /// <param name="meta">Part of the data that the meta-loss is measured on; null for the batch that is trained on.</param>
    /// <returns>Each [pairs, …]; in the scope of the caller.</returns>
    public Tensor[] Batch(int first, int end, int round, DataSplit? meta)
    {
        using var none = no_grad();
        var drawn = meta is null ? _training : _meta;
        return _task.Gather(
            drawn.Indices![round % StepsAtOnce].narrow(0, first, end - first),
            drawn.Normals![round % StepsAtOnce].narrow(0, first, end - first), meta ?? DataSplit.Train);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _training.Dispose();
        _meta.Dispose();
    }

    private void Draw(Drawn drawn, PairStep[][] rounds)
    {
        using var none = no_grad();
        var sizes = _task.Draws;
        var most = rounds.Max(steps => steps.Length);
        var indices = new int[rounds.Length * most * sizes.Indices];
        var normals = new float[rounds.Length * most * sizes.Normals];
        for (var round = 0; round < rounds.Length; round++)
        {
            for (var i = 0; i < rounds[round].Length; i++)
            {
                var step = rounds[round][i];
                var at = (round * most) + i;
                _task.Draw(
                    step.Key, drawn == _training ? DataSplit.Train : step.LossTime.Split ?? DataSplit.Train, drawn.Order,
                    drawn.Shuffling[step.Pair], indices.AsSpan(at * sizes.Indices, sizes.Indices),
                    normals.AsSpan(at * sizes.Normals, sizes.Normals));
            }
        }

        drawn.Set(
            tensor(indices).view(rounds.Length, most, sizes.Indices).to(_device),
            tensor(normals).view(rounds.Length, most, sizes.Normals).to(_device));
    }

    // One kind of batches: what is drawn for them, each [rounds, pairs, numbers].
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
