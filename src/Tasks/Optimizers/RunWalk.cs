namespace Involute.Tasks.Optimizers;

/// <summary>
/// A walk over the elements of a tensor in runs: pieces in which the index of the average without X moves by one from an
/// element to the next, and that without Y does so too or, where nothing lies behind Y, stands still.
/// </summary>
internal struct RunWalk
{
    private readonly Factoring _shape;
    private readonly int _lineLength;

    // A line is all of Y and C at one place of the dimensions before.
    private int _line;
    private int _lineOfX;
    private int _firstLineOfA;
    private int _x;
    private int _b;
    private int _y;
    private int _c;

    /// <summary>Starts at an element, counted row-major.</summary>
    public RunWalk(in Factoring shape, int element)
    {
        _shape = shape;
        _lineLength = shape.Y * shape.C;
        _c = Place(ref element, shape.C);
        _y = Place(ref element, shape.Y);
        _line = element;
        _b = Place(ref element, shape.B);
        _x = Place(ref element, shape.X);
        _firstLineOfA = element * shape.B;
        _lineOfX = _firstLineOfA + _b;
    }

    /// <summary>Elements from here to the end of the run.</summary>
    public readonly int Length => _shape.C == 1 ? _shape.Y - _y : _shape.C - _c;

    /// <summary>Index of the average over Y that the first element belongs to.</summary>
    public readonly int WithoutY => (_line * _shape.C) + _c;

    /// <summary>Index of the average over X that the first element belongs to.</summary>
    public readonly int WithoutX => (_lineOfX * _lineLength) + (_y * _shape.C) + _c;

    /// <summary>Goes behind the next runs that step evenly, or behind a part of the next.</summary>
    /// <param name="most">Elements at most.</param>
    public ElementRuns Take(int most)
    {
        var length = Math.Min(Length, most);
        var (places, size, steps) = _shape.C == 1 ? (_y, _shape.Y, (1, 0)) : (_c, _shape.C, (0, _shape.C));
        var evenly = _shape.C > 1 ? _shape.Y - _y : _shape.B == 1 ? _shape.X - _x : 1;
        var count = places == 0 && length == size ? Math.Min(evenly, most / size) : 1;
        var taken = new ElementRuns(count, length, WithoutY, WithoutX, steps.Item1, steps.Item2);
        for (var run = 0; run < count; run++)
        {
            Advance(length);
        }

        return taken;
    }

    /// <summary>Goes on by some elements, at most to the end of the run and so to the start of the next.</summary>
    public void Advance(int count)
    {
        if (count < Length)
        {
            (_y, _c) = _shape.C == 1 ? (_y + count, 0) : (_y, _c + count);
            return;
        }

        _c = 0;
        if (_shape.C > 1 && ++_y < _shape.Y)
        {
            return;
        }

        _y = 0;
        _line++;
        _lineOfX++;
        if (++_b < _shape.B)
        {
            return;
        }

        _b = 0;
        if (++_x == _shape.X)
        {
            _x = 0;
            _firstLineOfA += _shape.B;
        }

        _lineOfX = _firstLineOfA;
    }

    // Most tensors are matrices: a division takes as long as writing some vectors.
    private static int Place(ref int element, int size)
    {
        var place = element;
        if (size == 1)
        {
            return 0;
        }

        if (element < size)
        {
            element = 0;
            return place;
        }

        (element, place) = Math.DivRem(element, size);
        return place;
    }
}
