using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Regression;

/// <summary>Divides the rows of a table into the four splits of meta-training.</summary>
/// <remarks>
/// A shuffle with a fixed key, the same in every run, orders the rows, so that a sorted file does not bias a split. Of n
/// rows ⌊n / 15⌋ each are inner validation, outer validation and test; the others, 80 % and what rounding leaves, train.
/// </remarks>
/// <param name="rows">Rows of all splits, at least 1.</param>
public sealed class RowSplits(int rows)
{
    /// <summary>A split that is held out is the table divided by this.</summary>
    public const int Parts = 15;

    private const int HeldOutSplits = 3;

    // Of no meaning; part of what a run computes, so never changed.
    private const long ShuffleKey = 0x7461626c65;

    /// <summary>Rows of all splits.</summary>
    public int Rows => rows;

    /// <summary>Rows of the smallest split; 0 if the table has fewer than <see cref="Parts"/> rows.</summary>
    public int Smallest => Rows / Parts;

    /// <summary>The rows in the order in which they are divided: their numbers in the file.</summary>
    public int[] Order()
    {
        var order = new int[Rows];
        var stream = new CounterStream(ShuffleKey, 0, 0, 0, RandomStream.DataOrder);
        if (Rows < KeyedPermutation.SmallestNetwork)
        {
            KeyedPermutation.Shuffle(stream, 0, order);
        }
        else
        {
            new KeyedPermutation(stream, 0, Rows).Fill(0, order);
        }

        return order;
    }

    /// <summary>Where a split lies in <see cref="Order"/>.</summary>
    /// <param name="split">Part of the data.</param>
    public (int First, int Count) Range(DataSplit split)
    {
        var trained = Rows - (HeldOutSplits * Smallest);
        return split == DataSplit.Train ? (0, trained) : (trained + (((int)split - 1) * Smallest), Smallest);
    }
}
