namespace Involute.Torch.Adjoint;

/// <summary>The states of a lane before each of its steps, in bounded memory.</summary>
/// <remarks>
/// While they fit, all are kept. Then every second one is dropped, and those between two kept ones are computed again
/// when they are asked for, a stretch at a time: Griewank and Walther, "Evaluating derivatives", 2008, chapter 12, with
/// one level.
/// </remarks>
/// <param name="length">Floats of a state.</param>
/// <param name="most">States that may be kept, at least 2.</param>
/// <param name="again">Computes the states behind one, given its step: the second argument's rows, in order.</param>
internal sealed class StateTape(int length, int most, Action<int, float[], float[][]> again)
{
    private readonly List<float[]> _kept = [];
    private readonly Stack<float[]> _free = [];
    private float[][] _stretch = [];
    private int _stretchStart = -1;
    private int _stride = 1;

    /// <summary>States so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the state before the next step.</summary>
    public void Add(ReadOnlySpan<float> state)
    {
        if (Count % _stride == 0)
        {
            if (_kept.Count == most)
            {
                DropEverySecond();
            }

            if (Count % _stride == 0)
            {
                var row = _free.TryPop(out var free) ? free : new float[length];
                state.CopyTo(row);
                _kept.Add(row);
            }
        }

        Count++;
    }

    /// <summary>Takes the last state back.</summary>
    public void DropLast()
    {
        Count--;
        if (Count % _stride == 0)
        {
            _free.Push(_kept[^1]);
            _kept.RemoveAt(_kept.Count - 1);
        }
    }

    /// <summary>The state before a step; valid until the next call.</summary>
    public ReadOnlySpan<float> this[int step]
    {
        get
        {
            var (place, behind) = Math.DivRem(step, _stride);
            if (behind == 0)
            {
                return _kept[place];
            }

            if (_stretchStart != place * _stride)
            {
                _stretchStart = place * _stride;
                while (_stretch.Length < _stride - 1)
                {
                    _stretch = [.. _stretch, new float[length]];
                }

                again(_stretchStart, _kept[place], _stretch[..(Math.Min(_stride, Count - _stretchStart) - 1)]);
            }

            return _stretch[behind - 1];
        }
    }

    /// <summary>Forgets all states; their memory is used again.</summary>
    public void Clear()
    {
        foreach (var row in _kept)
        {
            _free.Push(row);
        }

        _kept.Clear();
        (Count, _stride, _stretchStart) = (0, 1, -1);
    }

    private void DropEverySecond()
    {
        for (var i = 1; 2 * i < _kept.Count + 1; i++)
        {
            _free.Push(_kept[(2 * i) - 1]);
            if (2 * i < _kept.Count)
            {
                _kept[i] = _kept[2 * i];
            }
        }

        _kept.RemoveRange((_kept.Count + 1) / 2, _kept.Count / 2);
        _stride *= 2;
    }
}
