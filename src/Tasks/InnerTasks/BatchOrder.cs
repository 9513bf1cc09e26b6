using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.InnerTasks;

/// <summary>
/// Which examples make up a batch: each epoch visits the examples in an order of its own, none twice. A task with data
/// keeps one in its batch and calls <see cref="Fill"/> in <see cref="ITaskBatch.Prepare"/>.
/// </summary>
/// <remarks>
/// Any batch follows from its key alone. What is kept of an epoch's order from one call to the next only saves work: all of a
/// small data set's, and of a large one's the batches that come next where steps follow one another. The last batch of an epoch
/// is dropped when it would be short. Belongs to one thread.
/// </remarks>
public sealed class BatchOrder
{
    // Each split owns this many blocks of a step's stream.
    private const int SplitShift = 24;

    // Batches of steps that follow one another are looked up together: a few numbers take as long as many.
    private const int BatchesAhead = 4;

    private readonly int[] _order = new int[KeyedPermutation.SmallestNetwork];
    private StepKey _epoch;
    private DataSplit _split;
    private RandomStream _stream;
    private int _examples;
    private KeyedPermutation _permutation;

    // Which places of the order are kept, and where the last batch ended.
    private (int First, int End) _places;
    private int _asked;

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
        if (examples != _examples || order != _stream || split != _split || epoch != _epoch)
        {
            Begin(epoch.Stream(order), (uint)split << SplitShift, examples);
            (_epoch, _split, _stream, _examples) = (epoch, split, order, examples);
        }

        var end = first + indices.Length;
        if (first < _places.First || end > _places.End)
        {
            LookUp(first, first == _asked ? Math.Min(BatchesAhead, (int)batches - (first / indices.Length)) : 1, indices);
        }
        else
        {
            _order.AsSpan(first - _places.First, indices.Length).CopyTo(indices);
        }

        _asked = end;
    }

    private void Begin(CounterStream stream, uint block, int examples)
    {
        (_places, _asked) = (default, -1);
        if (examples < KeyedPermutation.SmallestNetwork)
        {
            KeyedPermutation.Shuffle(stream, block, _order.AsSpan(0, examples));
            _places = (0, examples);
        }
        else
        {
            _permutation = new KeyedPermutation(stream, block, examples);
        }
    }

    private void LookUp(int first, int batches, Span<int> indices)
    {
        var length = batches * indices.Length;
        if (batches == 1 || length > _order.Length)
        {
            _permutation.Fill(first, indices);
            return;
        }

        _permutation.Fill(first, _order.AsSpan(0, length));
        _places = (first, first + length);
        _order.AsSpan(0, indices.Length).CopyTo(indices);
    }
}
