namespace Involute.Actors.Learning;

/// <summary>One thing of each block, collected in any order and read in pair order.</summary>
internal sealed class BlockSet<T>(int blocks)
    where T : notnull
{
    private readonly T[] _items = new T[blocks];
    private readonly bool[] _present = new bool[blocks];
    private int _count;

    public bool IsComplete => _count == _items.Length;

    /// <summary>In pair order; only when complete.</summary>
    public IReadOnlyList<T> InOrder =>
        IsComplete ? [.. _items] : throw new InvalidOperationException($"{_count} of {_items.Length} blocks");

    public bool Has(int block) => _present[block];

    public void Clear()
    {
        Array.Clear(_items);
        Array.Clear(_present);
        _count = 0;
    }

    /// <summary>Takes the first of each block; false for any later one.</summary>
    public bool Offer(int block, T item)
    {
        if (_present[block])
        {
            return false;
        }

        _items[block] = item;
        _present[block] = true;
        _count++;
        return true;
    }
}
