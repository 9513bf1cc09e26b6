using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>
/// Which examples make up a batch: each epoch visits the examples in an order of its own, none twice. A task with data
/// keeps one in its batch and calls <see cref="Fill"/> in <see cref="ITaskBatch.Prepare"/>.
/// </summary>
/// <remarks>
/// Any batch follows from its key alone; nothing is carried from step to step. The order of a small data set is kept
/// only to save work. The last batch of an epoch is dropped when it would be short. Belongs to one thread.
/// </remarks>
public sealed class BatchOrder
{
    // Each split owns this many blocks of a step's stream.
    private const int SplitShift = 24;

    private readonly int[] _order = new int[KeyedPermutation.SmallestNetwork];
    private (StepKey Epoch, DataSplit Split, RandomStream Order, int Count)? _kept;

    /// <summary>Number of whole batches in one pass through the examples.</summary>
    /// <remarks>A task with data returns it as its <see cref="IInnerTask.BatchesPerEpoch"/>.</remarks>
    /// <param name="examples">Number of examples in the split.</param>
    /// <param name="batchSize">Examples in a batch, at least 1.</param>
    /// <param name="split">Named in the error.</param>
    /// <exception cref="ArgumentException">There are fewer examples than one batch takes.</exception>
    public static int BatchesPerEpoch(int examples, int batchSize, DataSplit split) => examples >= batchSize
        ? examples / batchSize
        : throw new ArgumentException($"split {split} has {examples} examples; a batch takes {batchSize}");

    /// <summary>Fills <paramref name="indices"/> with the examples of a step, each in [0, examples).</summary>
    /// <param name="key">Trajectory and step; the step counts batches through the epochs.</param>
    /// <param name="split">Part of the data; splits are shuffled independently.</param>
    /// <param name="order">Which shuffling.</param>
    /// <param name="examples">Number of examples in the split.</param>
    /// <param name="indices">As long as the batch.</param>
    /// <exception cref="ArgumentException">There are fewer examples than one batch takes.</exception>
    public void Fill(StepKey key, DataSplit split, RandomStream order, int examples, Span<int> indices)
    {
        var batches = (uint)BatchesPerEpoch(examples, indices.Length, split);
        var epoch = new StepKey(key.Trajectory, key.InnerStep / batches);
        var first = (int)(key.InnerStep % batches) * indices.Length;
        var block = (uint)split << SplitShift;
        if (examples < KeyedPermutation.SmallestNetwork)
        {
            var wanted = (epoch, split, order, examples);
            if (_kept != wanted)
            {
                KeyedPermutation.Shuffle(epoch.Stream(order), block, _order.AsSpan(0, examples));
                _kept = wanted;
            }

            _order.AsSpan(first, indices.Length).CopyTo(indices);
            return;
        }

        new KeyedPermutation(epoch.Stream(order), block, examples).Fill(first, indices);
    }
}
